import json
from pathlib import Path
from urllib.request import Request, urlopen

text = Path("article.txt").read_text(encoding="utf-8")
request = Request(
    "http://127.0.0.1:8000/summarize",
    json.dumps({"text": text, "lengths": ["short", "long"]}).encode(),
    {"Content-Type": "application/json"},
)
with urlopen(request) as answer:
    summary = json.load(answer)

print(summary["title"])
print(summary["short"])
for sentence in summary["sentences"]["long"]:
    print("-", sentence["text"])
    for span in sentence["evidence"]:
        print("  source:", summary["article"][span["start"] : span["end"]])
