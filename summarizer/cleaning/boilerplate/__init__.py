"""Lines of a page → those that are not part of its article, each with its reason.

A line is judged by its text (`patterns`), by its words and shape (`classifier`) and by the lines around it (`context`).
`navigation` finds the menus and teasers above the headline (`header`) and below the text, and `navigation_labels` has
their words.
"""
