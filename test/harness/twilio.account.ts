/** Sets the account up as the guide tells people to: its Conversations tell the hub what staff type into them. */
export async function announceConversations(origin: string, account: { sid: string; authToken: string }, hubUrl: string): Promise<void> {
  await twilioCall(origin, account, '/v1/Configuration/Webhooks', {
    PostWebhookUrl: `${hubUrl}/webhooks/twilio/conversations`, Filters: 'onMessageAdded', Method: 'POST',
  });
}

/** Twilio starts a Conversation by itself for each stranger that texts this number. */
export async function switchAutocreationOn(origin: string, account: { sid: string; authToken: string }, number: string): Promise<void> {
  await twilioCall(origin, account, '/v1/Configuration/Addresses', {
    Type: 'sms', Address: number, 'AutoCreation.Enabled': 'true', 'AutoCreation.Type': 'default',
  });
}

/** Where the account's default Conversations service sends its webhooks; `url` changes it first. */
export async function conversationsWebhook(origin: string, account: { sid: string; authToken: string }, url?: string): Promise<string | null> {
  const { default_chat_service_sid: service } = await twilioCall<{ default_chat_service_sid: string }>(origin, account, '/v1/Configuration');
  const form = url === undefined ? undefined : { PostWebhookUrl: url };
  const webhook = await twilioCall<{ post_webhook_url: string | null }>(origin, account, `/v1/Services/${service}/Configuration/Webhooks`, form);
  return webhook.post_webhook_url;
}

async function twilioCall<T>(origin: string, account: { sid: string; authToken: string }, path: string, form?: Record<string, string>): Promise<T> {
  const answer = await fetch(origin + path, {
    ...(form ? { method: 'POST', body: new URLSearchParams(form) } : {}),
    headers: {
      'X-Twilio-Host': 'conversations.twilio.com',
      Authorization: `Basic ${Buffer.from(`${account.sid}:${account.authToken}`).toString('base64')}`,
    },
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}
