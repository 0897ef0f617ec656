import { Injectable, Logger } from '@nestjs/common';
import { addToLogScope } from '@throughline/kernel/log.js';
import type { ServerMessage } from '@throughline/vapi/wire.types.js';
import { BindingsService } from './bindings.service.js';
import { CompletionsService } from './completions.service.js';
import { EngineService } from './engine.service.js';
import { kindOf } from './vapi.parser.js';
import type { Proof, VapiCallRow } from './vapi.types.js';

/** The report follows the end by some seconds; where it does not come the end is acted upon without. */
const WITHOUT_REPORT_MS = 30_000;
const NO_TOOLS = 'The tools of this assistant are used where it thinks, and not by Vapi.';

/**
 * What Vapi tells us. It comes in any order, twice, or not at all: each message changes a row once, or nothing, and those that would be of no use to us are
 * not asked for.
 */
@Injectable()
export class VapiService {
  private readonly log = new Logger('Vapi');

  constructor(private readonly engine: EngineService, private readonly bindings: BindingsService, private readonly completions: CompletionsService) {}

  /** @returns what is answered: for most of them nothing */
  async take(proof: Proof, message: ServerMessage): Promise<object> {
    const kind = kindOf(message);
    // Whoever has the ticket of a call may not begin another one.
    if (kind === 'assistant-request') return proof === 'secret' ? this.engine.requested(message) : {};
    if (kind === 'tool-calls') return { results: (message.toolCallList ?? []).map(({ id }) => ({ toolCallId: id, error: NO_TOOLS })) };
    const row = await this.bindings.admitted(proof, message.call?.id);
    if (!row) return {};
    addToLogScope({ tenantId: row.tenantId });
    await this.tell(row, kind, message);
    return {};
  }

  private async tell(row: VapiCallRow, kind: string, message: ServerMessage): Promise<void> {
    const { status, role, artifact, endedReason } = message;
    switch (kind) {
      case 'status-update':
        if (status === 'in-progress') await this.completions.of(row);
        if (status === 'ended') await this.ended(row, endedReason);
        return;
      case 'speech-update':
        if (role === 'assistant' && status === 'stopped') (await this.completions.known(row))?.speaking.rests();
        return;
      case 'hang':
        return this.log.warn(`call ${row.callSid}: Vapi finds that we are slow`);
      case 'end-of-call-report':
        this.log.log(`call ${row.callSid}: Vapi has left: ${endedReason ?? 'no reason given'}`);
        await this.completions.heardLast(row, artifact?.messagesOpenAIFormatted ?? []);
        return this.bindings.end(row, 0);
    }
  }

  private async ended(row: VapiCallRow, reason: string | undefined): Promise<void> {
    if (reason === 'silence-timed-out') await (await this.completions.known(row))?.fallsSilent();
    await this.bindings.end(row, WITHOUT_REPORT_MS);
  }
}
