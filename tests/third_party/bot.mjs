// A small bot on Slack's own JavaScript library, unmodified, whose Slack is wherever SLACK_API_URL says.

import { createRequire } from "node:module";

// The library is where the tests have installed it.
const { App, LogLevel } = createRequire(`${process.env.LIBRARIES}/`)("@slack/bolt");
const { SLACK_API_URL, BOT_TOKEN, SLACK_APP_TOKEN, SLACK_SIGNING_SECRET, PORT } = process.env;
const door = PORT
  ? { signingSecret: SLACK_SIGNING_SECRET, endpoints: "/" }
  : { socketMode: true, appToken: SLACK_APP_TOKEN };
const app = new App({ token: BOT_TOKEN, logLevel: LogLevel.WARN, clientOptions: { slackApiUrl: `${SLACK_API_URL}/` }, ...door });
const plain = (text) => ({ type: "plain_text", text });

app.command("/hello", async ({ ack, command }) => {
  const text = `Hello <@${command.user_id}>`;
  const button = { type: "button", action_id: "wave", text: plain("Wave") };
  await ack({ text, blocks: [{ type: "section", text: { type: "mrkdwn", text } }, { type: "actions", elements: [button] }] });
});

app.action("wave", async ({ ack, body, client }) => {
  await ack();
  await client.chat.postMessage({ channel: body.channel.id, text: `<@${body.user.id}> waves` });
});

app.command("/people", async ({ ack, respond, client }) => {
  await ack();
  let people = 0;
  let pages = 0;
  for await (const page of client.paginate("users.list", { limit: 3 })) {
    people += page.members.length;
    pages += 1;
  }
  await respond(`${people} people on ${pages} pages`);
});

app.command("/form", async ({ ack, command, client }) => {
  await ack();
  const words = { type: "input", block_id: "words", label: plain("Words"), element: { type: "plain_text_input", action_id: "text" } };
  const view = {
    type: "modal", callback_id: "form", private_metadata: command.channel_id, title: plain("A form"), submit: plain("Send"), blocks: [words],
  };
  await client.views.open({ trigger_id: command.trigger_id, view });
});

app.view("form", async ({ ack, view, client }) => {
  const words = view.state.values.words.text.value;
  if (words.length < 3) {
    await ack({ response_action: "errors", errors: { words: "More words, please." } });
    return;
  }
  await ack();
  await client.chat.postMessage({ channel: view.private_metadata, text: `Somebody wrote: ${words}` });
});

await app.start(PORT ? { port: Number(PORT), host: "127.0.0.1" } : undefined);
