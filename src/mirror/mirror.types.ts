/** A Conversation that is not one of ours, and the service it lives in, where a webhook has named it. */
export interface ForeignConversation {
  foreignSid: string;
  serviceSid?: string | undefined;
}

/** Who is in it: a texting person with the address of ours that they text, or a chat identity without either. */
export interface ForeignParticipant {
  address: string | null;
  proxyAddress: string | null;
}

export interface ForeignMessage {
  author: string;
  body: string;
  createdAt: Date;
  participants: ForeignParticipant[];
}
