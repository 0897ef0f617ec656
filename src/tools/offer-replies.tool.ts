import { Injectable } from '@nestjs/common';
import { sayable } from '@throughline/llm/guardrails.js';
import { z } from 'zod';
import type { Tool, ToolContext, ToolResult } from './tools.types.js';

/** WhatsApp shows as many at the most; longer texts than this are no answers that anybody taps. */
const MOST_REPLIES = 10;
const LONGEST_REPLY = 60;

const offerArguments = z.object({
  message: z.string().max(2_000).optional().describe('Your answer, in their language, as you would say it without this tool. It does not list the replies.'),
  replies: z.array(z.string().trim().min(1).max(LONGEST_REPLY)).min(2).max(MOST_REPLIES)
    .describe('What they may answer, in their words and language, each one different. Up to three of at most 20 characters are shown best.'),
});

/** Ends the turn with an answer below which replies are suggested, as buttons where the channel has them. */
@Injectable()
export class OfferRepliesTool implements Tool<typeof offerArguments> {
  readonly name = 'offer_replies';
  readonly description =
    'Answer, and suggest a few short replies to choose from: for a question with few sensible answers, such as times, yes or no, or a choice of services. '
    + 'Ends your part for now: they tap or write.';
  readonly arguments = offerArguments;
  readonly timeoutMs = 1_000;
  readonly hasEffect = false;
  readonly onlyWritten = true;

  async run({ words }: ToolContext, { message, replies }: z.infer<typeof offerArguments>): Promise<ToolResult> {
    const body = sayable(message ?? '') || words;
    const texts = [...new Set(replies.map((reply) => sayable(reply)).filter((reply) => reply !== ''))];
    if (!body) return { outcome: 'refused', report: 'Say in "message" what they are to reply to.' };
    if (texts.length < 2) return { outcome: 'refused', report: 'These are not two different replies. Ask without this tool.' };
    return { outcome: 'reply', body, buttons: texts.map((text) => ({ id: text, text })) };
  }
}
