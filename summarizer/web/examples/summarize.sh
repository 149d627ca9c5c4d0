curl http://127.0.0.1:8000/summarize \
  -H 'Content-Type: text/plain' --data-binary @article.txt
