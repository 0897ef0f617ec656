import { Controller, HttpCode, Logger, Post, Res, UseGuards } from '@nestjs/common';
import { describe } from '@throughline/kernel/errors.js';
import type { Response } from 'express';
import { CompletionsService } from './completions.service.js';
import { Completion } from './completion.js';
import { Bytes, Proved, VapiGuard } from './vapi.guard.js';
import { parseCompletion, parseMessage } from './vapi.parser.js';
import { VapiService } from './vapi.service.js';
import type { Proof } from './vapi.types.js';

/** Vapi's server messages, and the model that its calls think with. */
@Controller()
@UseGuards(VapiGuard)
export class VapiController {
  private readonly log = new Logger('Vapi');

  constructor(private readonly vapi: VapiService, private readonly completions: CompletionsService) {}

  @Post('webhooks/vapi')
  @HttpCode(200)
  message(@Proved() proof: Proof, @Bytes() bytes: Buffer): Promise<object> {
    return this.vapi.take(proof, parseMessage(bytes));
  }

  /** OpenAI's chat completions. Who closes the request has spoken, or is gone. */
  @Post('vapi/chat/completions')
  async complete(@Proved() proof: Proof, @Bytes() bytes: Buffer, @Res() response: Response): Promise<void> {
    const [request, closed] = [parseCompletion(bytes), new AbortController()];
    response.once('close', () => closed.abort());
    const speaking = await this.completions.admit(proof, request.call?.id);
    const completion = new Completion(response, request.stream);
    try {
      await speaking?.asked(request.messages, completion, closed.signal);
      completion.end();
    } catch (error) {
      this.log.error(`an answer for Vapi broke: ${describe(error)}`);
      response.destroy();
    }
  }
}
