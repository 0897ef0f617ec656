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

async function twilioCall(origin: string, account: { sid: string; authToken: string }, path: string, form: Record<string, string>): Promise<void> {
  const answer = await fetch(origin + path, {
    method: 'POST',
    body: new URLSearchParams(form),
    headers: {
      'X-Twilio-Host': 'conversations.twilio.com',
      Authorization: `Basic ${Buffer.from(`${account.sid}:${account.authToken}`).toString('base64')}`,
    },
  });
  if (!answer.ok) throw new Error(`POST ${path}: ${answer.status} ${await answer.text()}`);
}
