"""A line → the kind of boilerplate, such as an advertisement or a share button; None if it is not boilerplate.

The patterns match whole lines of English pages; a sentence that only begins like boilerplate does not match.
"""

import re

from summarizer.cleaning.boilerplate.classifier import MAX_WORDS, NETWORKS, line_classifier
from summarizer.cleaning.title_matching import is_short_question, without_marks
from summarizer.text.sentences import ends_whole
from summarizer.text.words import word_count

ADVERTISEMENT = "advertisement"
LINK = "link to another page"
SHARE = "share button"
COOKIES = "cookie notice"
BYLINE = "byline"
TIME = "timestamp"
CREDIT = "photo credit"
CAPTION = "picture caption"
COPYRIGHT = "copyright notice"
NEWSLETTER = "newsletter sign-up"
COMMENTS = "comment count"
RELATED = "related headlines"
OTHER = "page furniture"

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)\.?"
)
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s)?"
_CLOCK = r"(?:\d{1,2}(?:[:.]\d{2}){1,2}(?:\s?[ap]\.?m\.?)?|\d{1,2}\s?[ap]\.?m\.?)"
_ZONE = r"(?:\s?(?:uhr|gmt|utc|bst|ce?s?t|e[sd]?t|p[sd]?t|m[sd]t|z|[+-]\d{2}:?\d{2}))?"
_DATE = (
    rf"(?:(?:\d{{1,2}}(?:st|nd|rd|th)?\s{_MONTH}|{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?),?(?:\s\d{{4}})?|"
    r"\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2,4})"
)
# A date and an hour. Without a word such as "Published" it may also be in an article: the hour of a concert.
_STAMP = (
    rf"(?:(?:[\w .-]{{2,30}}, )?{_WEEKDAY}{_DATE}[\s,|•·t@-]*(?:at\s)?{_CLOCK}{_ZONE}|"
    rf"{_CLOCK}{_ZONE}[\s,|•·-]+(?:on\s)?{_WEEKDAY}{_DATE})"
)
_NETWORK = rf"(?:{'|'.join(sorted(NETWORKS))})"
_ACTION = r"(?:share|tweet|pin|e-?mail|print|copy link|link copied|save|bookmark|gift article|comment)"
_AGENCY = (
    r"(?:getty(?: images)?|ap(?: photo)?|afp|shutterstock|istock|alamy(?: stock photo)?|epa|"
    r"pa(?: media| wire| images)?|reuters)"
)
_PICTURE = r"(?:photo(?:graph|graphy)?|picture|image|illustration|graphic|video)s?"
_CONTENT = (
    r"(?:stor(?:y|ies)|articles?|text|interview|review|report|post|version|thread|coverage|statement|news|videos?|photos?|"
    r"gallery|list|details?)"
)
_LABEL_MARK = r"(?:\s?[:|»›>→]\s?|\s[-–—]\s)"
_NAME = r"(?:[dl]['’])?[^\W\d_a-zß-öø-ÿ][\w.'’-]*"
_NAMES = rf"{_NAME}(?:\s(?:(?:van|von|de|der|den|del|la|bin|al)\s)*{_NAME}){{1,3}}"
# The name of a credited photographer, without a sentence before it; "D." is an initial.
_CREDITED = (
    r"(?-i:(?!(?:In|The|Of|And|On|At|For|An|To)\b)"
    r"(?:[^\W\d_a-zß-öø-ÿ](?:\.|[\w'’-]*)|van|von|de|der|den|del|la|bin|al)(?:\s(?!\W)|(?=\s?/))){1,5}"
)
_ROLE = (
    r"(?:[\w'’&-]+\s){0,4}(?:reporter|correspondent|editor|writer|columnist|staff|news|press|agency|reuters|times|mail|"
    r"post|bureau|desk)"
)

# Words that may be in lower case before a role: "Anna Lind, chief political correspondent".
_DESK = (
    r"(?:political|politics|health|business|sports?|science|technology|education|home|foreign|crime|court|arts|culture|"
    r"environment|transport|economics|chief|senior|staff|deputy|associate|managing|local|news|religion|legal|of|for|the|at)"
)

# By reason, patterns for a whole line without its marks, in any letter case.
_PATTERNS = {
    ADVERTISEMENT: (
        r"(?:advert(?:isement|isment|ising)?s?|ads?|sponsored(?: content| links?)?|promoted(?: content| stories)?|"
        r"(?:paid|partner|brand(?:ed)?) content)(?:\W+(?:continue|scroll|story|article|your).*)?",
        r"(?:(?:the )?(?:article|story|text|post) )?continues (?:after|below|under).{0,40}",
        r"(?:this )?ad(?:vertisement)? .{0,30}\b(?:load|continue|close).{0,50}|loading ad(?:vertisement)?s?",
        r"(?:skip|remove|hide|report|close) (?:this |all )?ad(?:vertisement|s)?(?: with .{2,40})?|ad feedback|"
        r"ads by \w+|(?:go|read|browse) ad-?free\b[^.!?]{0,60}|"
        r"content (?:from|by) (?:our |the )?(?:sponsor|partner|advertiser)s?",
        r"continue reading(?: below| the main story| after .{1,20})?",
        r"(?:keep )?scroll(?:ing)? (?:down )?(?:for|to) .{1,40}|loading\W*",
    ),
    LINK: (
        r"(?:(?:also )?(?:read|watch|related|more|go deeper|(?:read|see|watch|listen|hear) "
        r"(?:more|also|next|now|here|live))|don['’]t miss|(?:you )?(?:may|might) also like|explore more|in pictures|"
        r"(?:photo )?gallery|slideshow|podcast|explainer|explained|from (?:the|our) archives?)"
        rf"(?: (?:on this|video|story|article|this)){{0,2}}{_LABEL_MARK}\S.{{0,200}}(?<![.!])",
        r"(?:read|see|watch|view) (?:the )?(?:full|more|whole|original)"
        rf"(?:\W+(?:{_CONTENT}|here|on|at|about|from|in|by|like this|of (?:this|our))\b[^.!?]{{0,60}})?",
        r"(?:see|view|show) (?:all|more|gallery|images?|photos?)(?: \d+)?(?: \w+)?|listen to this (?:article|story)",
        r"(?:for (?:more|the latest)\b[^.!?]{0,60}, )?(?:click|tap) "
        r"(?:here|on the (?:link|image|photo|picture|headline|video))\b[^.!?]{0,100}",
        r"(?:back|return|skip|jump) to (?:the )?(?:top|main content|content|navigation|home ?page)",
    ),
    SHARE: (
        rf"(?:{_ACTION}|{_NETWORK})(?:\W+(?:{_ACTION}|{_NETWORK}|on|via|by|to|and|more))+",
        r"share|tweet|pin it|print|e-?mail|copy link|link copied|save for later",
        r"add to (?:reading list|favou?rites|saved)",
        r"(?:share|save|print|e-?mail|gift) (?:this|the|full)?\s?(?:article|story|page|post|link|video)?"
        r"(?: (?:on|via|by|with|for) .{1,40})?(?<!\bthe)",
        rf"(?:follow|like|join|find) us on (?:our )?{_NETWORK}.{{0,60}}",
        r"\d[\d.,]*k? (?:shares?|likes?|views?|retweets?|reactions?)",
    ),
    COOKIES: (
        r"(?:we|(?:this|our) (?:web)?site|we and our (?:\d+ )?partners)(?: \w+){0,3} (?:uses?|using|stores?)\b"
        r"(?=.*\bcookies\b(?! as\b)).{0,400}",
        r"by (?:continuing|using|clicking|browsing)\b.{0,120}\b(?:cookies?|privacy policy|terms)\b.{0,200}",
        r"(?:accept|allow|reject|decline|manage) (?:all|cookies|preferences|all cookies)|i (?:agree|accept)|"
        r"(?:cookie|privacy) (?:settings|preferences|policy|notice)|only necessary cookies",
        r"(?:we value )?your privacy(?: (?:is important to us|matters))?",
        r"to (?:view|see|read|watch) this .{0,30}\b(?:accept|allow|enable)\b.{0,20}\bcookies.{0,30}",
        r"this (?:content|video|post|embed|map|page) (?:is|was|has been|can(?:no|['’])t|uses|needs)\b.{0,80}\bcookies",
    ),
    COMMENTS: (
        r"\(?\d[\d.,]*k?\)?\s(?:comments?|replies|responses)|comments?\s?\(?\d[\d.,]*\)?|comments|no comments(?: yet)?",
        r"(?:what do you think\? )?"
        r"(?:view|show|read|see|post|add|hide|join|load|leave|jump to|skip to)(?: (?:all|more|the|a|your|\d[\d.,]*))*"
        r" (?:comments?|conversation|discussion|reply|replies)(?: \(?\d[\d.,]*\)?| below)?",
        r"(?:what do you think|have your say|tell us)\b.{0,60}\b(?:in|via|below in) (?:the |our )?comments?\b.{0,20}|"
        r"have your say",
        r"your e-?mail (?:address )?will not be published.{0,60}",
        r"be the first to (?:comment|reply).{0,40}|(?:log|sign) in to (?:comment|reply|continue|join).{0,40}",
        r"comments (?:on this .{1,20} )?are (?:closed|off|disabled|moderated)\b.{0,60}",
    ),
    NEWSLETTER: (
        r"(?:sign up|subscribe|register)\b(?=.*\b(?:newsletters?|e-?mails?|inbox|briefing|news alerts|"
        r"our (?:\w+ ){0,2}(?:alerts|updates|digest|channel|app))\b).{1,200}",
        r"(?:get|receive) (?:our|the|your)\b[^.!?]{0,60}\b(?:e-?mail|briefing)s?",
        r"(?:get|receive|join|enter(?= your e-?mail))\b"
        r"(?=.*\b(?:newsletter|inbox|e-?mail address|subscribers|mailing list)\b)"
        r"(?!.*\b(?:he|she|they|says?|said|told|advises?|advised|warns?|warned)\b).{1,200}",
        r"(?:enter )?(?:your )?e-?mail(?: address)?|sign (?:up|me up)(?: now| here)?|(?:our |free )?newsletter",
        r"subscribe (?:to .{2,40} )?(?:for|from|at) (?:only |just )?[£$€]\d.{0,30}",
        r"subscribe(?: now| here| today| to continue(?: reading)?)?|already a (?:subscriber|member).{0,30}",
        r"thank you for (?:subscribing|signing up).{0,80}|you can unsubscribe\b.{0,40}|invalid e-?mail(?: address)?",
        r"you(?: have|['’]ve) (?:read |used |reached )?.{0,30}\bfree (?:articles?|stories)\b.{0,60}",
        r"this (?:article|story|content) is (?:only )?(?:for|available (?:only )?to|exclusive to|reserved for)"
        r" (?:our )?(?:\w+ )?(?:subscribers|members)\b.{0,40}",
        r"never miss an? (?:story|update|beat)\b[^.!?]{0,100}|turn on notifications\b[^.!?]{0,60}",
        r"(?:download|get|install) our\b[^.!?]{0,40}\bapps?\b[^.!?]{0,60}",
        r"(?:want|like|don['’]t miss)\b.{0,60}\bsign up\b.{0,80}",
    ),
    TIME: (
        rf"(?:(?:first |last )?(?:published|posted|updated|created|modified))(?: (?:on|at))?\W{{1,3}}{_WEEKDAY}"
        rf"(?:{_DATE}|{_CLOCK}|\d+ \w+ ago)[\w\s:,/|•·+().-]{{0,50}}(?:(?<!\w\.)|(?<=[ap]\.m\.))",
        _STAMP,
        r"\d+\s?(?:seconds?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?) ago|just now",
        r"this (?:article|story|post|page) is (?:more than|over) \d+ (?:months?|years?) old",
        r"\d+[\s-](?:minutes?|mins?)[\s-]read|(?:reading|read) time\W.{1,20}",
    ),
    COPYRIGHT: (r"(?:©|\(c\)\s?(?=\d{4})|copyright\s?(?:[:©]|\(c\)|(?=\d{4}))).{2,120}", r"all rights reserved\W*"),
    CREDIT: (
        # A name must follow; "Photo: the mayor on the steps" is a caption, which belongs to the article.
        rf"{_PICTURE}(?: (?:credit|courtesy|copyright|source))?(?:\s?[:/©]\s?+|(?: source,| courtesy of) )"
        r"(?:(?=courtesy|supplied|provided|submitted|handout|file|via|by)|(?-i:(?![a-zß-öø-ÿ])))"
        r"(?!\D*\d)[^.!?]{2,80}",
        rf"credit\s?[:©]\s?[^.!?]{{2,80}}|{_AGENCY}(?:\s?[/|]\s?[\w '’-]{{2,40}})*|{_CREDITED}\s?/\s?{_AGENCY}",
        r"handout|(?:file|stock|representational|representative) (?:photo|picture|image)|enlarge\s?/.{2,200}",
        r"(?:handout|screen ?(?:grab|shot)|supplied)(?:\s?[:/]\s?| (?:via|by|from) ).{2,60}(?<![.!?])|"
        r"(?:photo |image )?courtesy(?: of|:) [^.!?,]{2,60}",
    ),
}
_REASONS = [(reason, re.compile("|".join(patterns), re.IGNORECASE)) for reason, patterns in _PATTERNS.items()]
_TIME = re.compile(rf"{_WEEKDAY}{_DATE}(?:[\s,|•·t@-]*(?:at\s)?{_CLOCK}{_ZONE})?", re.IGNORECASE)
_BARE_STAMP = re.compile(_STAMP, re.IGNORECASE)
_LAST_DATE = re.compile(rf"(?:^|\s){_DATE}$", re.IGNORECASE)
# Bylines are recognized by their capitals.
_BYLINE = re.compile(
    rf"(?:(?i:written|words|story|report|text|posted|contributed)\s)?(?i:by|author):?\s{_NAMES}(?:(?:,\s|\s(?i:and|&)\s){_NAMES})*"
    rf"(?:(?:,|\s[|•·–-]|\s(?i:for|in)(?:\s(?i:the))?)?\s(?:{_ROLE}|{_NAMES}|{_NAME}))?"
    rf"(?i:,? (?:an? )?{_ROLE}(?: (?:at|for|of|with|in) .{{2,40}})?|, special to .{{2,40}}|"
    r",? and (?:agencies|staff|wires))?"
    rf"(?:\s@\w+)?(?:[\s|,•·–-]+(?i:published|updated|posted|(?={_DATE})).{{4,60}})?"
    r"|(?i:(?:posted|published|written|submitted) by) (?i:admin|staff|editor|guest|news ?desk|newsroom|web ?desk)"
    rf"|(?:{_NAME}\s){{1,3}}(?:Web|News|Online|City|Sports|Digital)\s?Desk"
    r"|(?i:by|from) (?i:our) (?:[\w]+ ){0,3}(?i:correspondent|reporter|staff)(?: (?i:in) \w+)?"
    rf"|{_NAMES}(?:,|\s[|•·–-])?\s(?:(?:{_NAME}|{_DESK})\s){{0,3}}"
    r"(?i:reporter|correspondent|editor|staff writer|columnist)"
    rf"|(?i:{_PICTURE}) (?i:by) {_NAMES}"
    rf"|(?:(?i:additional )?(?i:reporting|editing|writing) |(?i:edited ))(?i:by) {_NAMES}"
    rf"(?:(?:[;,]|\s(?i:and))\s(?:(?i:editing by )?{_NAMES}))*\.?"
)
# "LISTEN: Our podcast"; in lower case the line may be advice.
_SHOUTED_LINK = re.compile(
    rf"(?:LISTEN|SEE|HEAR|EXPLORE|VIDEO|PODCAST|GALLERY|IN PICTURES){_LABEL_MARK}\S.{{0,200}}(?<![.!])"
)
_RELATED_HEAD = re.compile(
    r"(?:related (?:articles?|stories|content|topics|posts|news|coverage|links|reading)|more on this(?: story| topic)?|"
    r"more (?:stories|news|like this|from .{2,30})|most (?:read|viewed|shared|popular)(?: today| now| stories)?|"
    r"trending(?: now| stories)|(?:you )?(?:may|might) (?:also )?(?:like|be interested in)|read next|up next|"
    r"recommended(?: for you| stories)|also (?:on|in) (?:the )?(?:news|section|site)|"
    r"top stories|editors?['’]?s? picks|"
    r"(?:from )?around the web|from the web|what to read next|latest (?:news|stories|headlines)|"
    r"other stories)\W*",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_NETWORK_LINE = re.compile(_NETWORK, re.IGNORECASE)
# Rows of buttons in any number and order: verbs, their objects, and the words between them.
_VERBS = {
    SHARE: frozenset(
        "share tweet pin email e-mail print copy save bookmark gift comment like send repost post".split()
    ),
    COOKIES: frozenset("accept reject allow decline refuse manage customise customize agree continue".split()),
}
_OBJECTS = {
    SHARE: NETWORKS | frozenset("article story page link window".split()),
    COOKIES: frozenset("cookies cookie preferences settings choices consent options purposes policy".split()),
}
_BETWEEN = frozenset(
    "this the full more on via by to in a an new opens click and or with friend your my i it now all only necessary "
    "essential optional non-essential".split()
)
_MAX_BUTTON_WORDS = 14
# Longer lines belong to the article. A cookie notice has about 300 characters.
_MAX_LINE_CHARACTERS = 500
_ENDS = re.compile(r"[.!…。！۔।][\"'’”»)\]]*$")
# By reason, patterns of lines that read like an article's: the sentences of a dialogue about consent, and what agencies
# send with their pictures ("FILE - A ship …", "A sign … (AP Photo/Kari Moe)").
_LIKE_AN_ARTICLE = (
    (
        COOKIES,
        re.compile(
            r"^(?:we|you|our partners)\b(?=.*\b(?:consent|partners|vendors|purposes?)\b).*\blegitimate interests?\b"
            r"|^we (?:and our partners )?process your (?:personal )?data to (?:deliver|provide|show|measure)",
            re.IGNORECASE,
        ),
    ),
    (
        CAPTION,
        re.compile(
            r"^(?:\[\d{1,2}/\d{1,2}\]|Item \d{1,2} of \d{1,2})\s.*\b(?:REUTERS|AP Photo|AFP|Getty Images|Handout)\b"
            r"|^FILE\s?(?:PHOTO)?\s?[-–—:]\s"
            r"|\s\((?:AP|AFP|Reuters|EPA|dpa) (?:Photo|Image)s?(?:/[^()]{2,60})?\)$"
            r"|[.!?]\s+(?:REUTERS|AP Photo|AFP)/[A-Z][\w.'’-]+ [A-Z][\w .'’/-]{1,50}$"
        ),
    ),
)
# A photo credit after a caption; the caption belongs to the article.
_CREDIT_AFTER_CAPTION = re.compile(
    rf"(?:[.!?][\"'’”»)]*\s|\S\s\(|\s[|–—-]\s)[^.!?]{{0,60}}\b(?:{_PICTURE}|foto|{_AGENCY}|dpa)\b[^.!?]{{0,60}}$",
    re.IGNORECASE,
)
_MIN_CAPTION_WORDS = 5
_FOOTNOTES = re.compile(r"(?<!\])(?:\[\d{1,3}\]){1,20}$")
# Shorter sentences may be boilerplate above an article.
_MIN_PARAGRAPH_WORDS = 9
_TRAILING_MARKS = re.compile(r"(?:\s*(?:…|\.{3}|[»›>→:|–—-]))+$")


def boilerplate_reason(line: str) -> str | None:
    """The reason to remove a line as boilerplate; None if it may belong to the article."""
    if len(line) > _MAX_LINE_CHARACTERS:
        return None
    known = next((reason for reason, pattern in _LIKE_AN_ARTICLE if pattern.search(line)), None)
    if known or _is_article_sentence(line):
        return known
    bare = without_marks(line.strip("[]"))
    if bare.startswith("(") and bare.endswith(")"):
        bare = bare[1:-1].strip()
    return _reason_of(bare) if bare else None


def _reason_of(bare: str) -> str | None:
    """The reason to remove a line without its marks."""
    if _SHOUTED_LINK.fullmatch(bare):
        return LINK
    if _BYLINE.fullmatch(bare):
        return CREDIT if re.match(_PICTURE, bare, re.IGNORECASE) else BYLINE
    if reason := _row_of_buttons(bare):
        return reason
    variants = {bare, _TRAILING_MARKS.sub("", bare), bare.rstrip("!.") if bare.endswith(("cookies.", "!")) else bare}
    return next((reason for reason, pattern in _REASONS if any(map(pattern.fullmatch, variants))), None)


def _is_article_sentence(line: str) -> bool:
    """Whether a line is a sentence of an article, although a pattern may match it: "Ads continue to appear, she said."

    Some patterns match by the beginning of a line; the classifier judges the whole line.
    """
    return is_statement(line) and not is_time(line) and line_classifier().log_odds(line) < 0


def is_statement(line: str) -> bool:
    """Whether a line ends as a sentence other than a question; headlines may be questions."""
    return bool(_ENDS.search(line))


def _row_of_buttons(line: str) -> str | None:
    """The reason of a line of buttons, to share the page or to choose cookies; None if the line has any other words.

    A single verb, "Save it", may be advice; with another verb or an object of such buttons it is a button.
    """
    words = _WORD.findall(line.casefold())
    if not 2 <= len(words) <= _MAX_BUTTON_WORDS or is_statement(line):
        return None
    for reason, verbs in _VERBS.items():
        used_verbs, used_objects = verbs.intersection(words), _OBJECTS[reason].intersection(words)
        is_button = len(used_verbs) > 0 and len(used_verbs) + len(used_objects) > 1
        if is_button and verbs.union(_OBJECTS[reason], _BETWEEN).issuperset(words):
            return reason
    return None


def is_paragraph(line: str) -> bool:
    """Whether a line is a paragraph of an article, or a sentence that introduces a list."""
    bare = _FOOTNOTES.sub("", line)
    words = word_count(bare)
    if words < _MIN_PARAGRAPH_WORDS or not (ends_whole(bare) or bare.endswith(":")) or is_short_question(bare):
        return False
    return words > MAX_WORDS or line_classifier().log_odds(line) < 0


def is_time(line: str) -> bool:
    """Whether a whole line is a date, with or without an hour; between paragraphs it may belong to the article."""
    return bool(_TIME.fullmatch(without_marks(line)))


def is_date(line: str) -> bool:
    """Whether a whole line is the date of a page or of an event, with or without an hour and a place."""
    return is_time(line) or bool(_BARE_STAMP.fullmatch(without_marks(line)))


def is_byline(line: str) -> bool:
    """Whether a whole line names the author of a text."""
    return bool(_BYLINE.fullmatch(line))


def is_network(line: str) -> bool:
    """Whether a whole line is the name of a social network."""
    return bool(_NETWORK_LINE.fullmatch(line))


def has_date(line: str) -> bool:
    """Whether a line ends in a date, as a dateline does."""
    return bool(_LAST_DATE.search(line))


def heads_related(line: str) -> bool:
    """Whether a line introduces headlines of other articles, such as "More on this story"."""
    return len(line) <= _MAX_LINE_CHARACTERS and bool(_RELATED_HEAD.fullmatch(without_marks(line)))


def is_caption(line: str) -> bool:
    """Whether a line describes a picture and then credits it."""
    credit = _CREDIT_AFTER_CAPTION.search(line)
    return credit is not None and len(line[: credit.start()].split()) >= _MIN_CAPTION_WORDS
