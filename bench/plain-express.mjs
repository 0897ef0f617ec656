// The tutorial's way: answer the webhook from an in-memory map and store nothing. The yardstick for the price of durability.
import express from 'express';
import twilio from 'twilio';

const conversations = new Map();
const app = express();
app.use(express.urlencoded({ extended: false }));
app.post('/webhooks/twilio/messaging', (request, response) => {
  const url = `http://127.0.0.1:${process.env.BENCH_PORT}${request.originalUrl}`;
  if (!twilio.validateRequest(process.env.BENCH_TOKEN, request.header('x-twilio-signature') ?? '', url, request.body)) return response.sendStatus(403);
  const thread = conversations.get(request.body.From) ?? [];
  thread.push(request.body.Body);
  conversations.set(request.body.From, thread);
  return response.type('text/xml').send('<Response/>');
});
app.get('/readyz', (_request, response) => response.send('ok'));
app.listen(Number(process.env.BENCH_PORT), '127.0.0.1');
