"""A small bot on Slack's own Python libraries, unmodified, whose Slack is wherever SLACK_API_URL says."""

import os
from http.server import BaseHTTPRequestHandler, HTTPServer

from slack_bolt import App, BoltRequest
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

client = WebClient(token=os.environ["BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"] + "/")
app = App(client=client, signing_secret=os.environ["SLACK_SIGNING_SECRET"])


@app.command("/hello")
def hello(ack, command):
    button = {"type": "button", "action_id": "wave", "text": {"type": "plain_text", "text": "Wave"}}
    text = f"Hello <@{command['user_id']}>"
    section = {"type": "section", "text": {"type": "mrkdwn", "text": text}}
    ack(text=text, blocks=[section, {"type": "actions", "elements": [button]}])


@app.action("wave")
def wave(ack, body, client):
    ack()
    client.chat_postMessage(channel=body["channel"]["id"], text=f"<@{body['user']['id']}> waves")


@app.command("/people")
def people(ack, respond, client):
    ack()
    pages = [page["members"] for page in client.users_list(limit=3)]
    respond(f"{sum(map(len, pages))} people on {len(pages)} pages")


@app.command("/form")
def form(ack, command, client):
    ack()
    words = {
        "type": "input",
        "block_id": "words",
        "label": {"type": "plain_text", "text": "Words"},
        "element": {"type": "plain_text_input", "action_id": "text"},
    }
    view = {
        "type": "modal",
        "callback_id": "form",
        "private_metadata": command["channel_id"],
        "title": {"type": "plain_text", "text": "A form"},
        "submit": {"type": "plain_text", "text": "Send"},
        "blocks": [words],
    }
    client.views_open(trigger_id=command["trigger_id"], view=view)


@app.view("form")
def sent(ack, view, client):
    words = view["state"]["values"]["words"]["text"]["value"]
    if len(words) < 3:
        ack(response_action="errors", errors={"words": "More words, please."})
        return
    ack()
    client.chat_postMessage(channel=view["private_metadata"], text=f"Somebody wrote: {words}")


class Door(BaseHTTPRequestHandler):
    """Bolt's own development server listens on every address; this one on the loopback alone."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        answer = app.dispatch(BoltRequest(body=body, headers=self.headers))
        self.send_response(answer.status)
        for name, values in answer.headers.items():
            for value in values:
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body.encode())

    def log_message(self, *_):
        pass


if os.environ.get("PORT"):
    HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Door).serve_forever()
else:
    SocketModeHandler(app, os.environ["SLACK_APP_TOKEN"]).start()
