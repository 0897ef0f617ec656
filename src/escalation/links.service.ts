import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Seal } from '@throughline/kernel/seal.js';
import { patient } from '@throughline/twilio/webhooks.js';
import { AppConfig } from '../app.config.js';

/** 128 bits: nobody finds one by trying. */
const TOKEN_BYTES = 16;

/** Addresses of this hub that are given to Twilio and to staff. */
@Injectable()
export class LinksService {
  private readonly seal: Seal;
  private readonly origin: string;

  constructor(config: AppConfig) {
    this.seal = new Seal(config.secretsKey);
    this.origin = config.publicBaseUrl;
  }

  /** The page where somebody takes an incident. The same for the same attempt, so that a text that is sent again says the same. */
  page(attemptId: string): string {
    return `${this.origin}/a/${this.tokenOf(attemptId)}`;
  }

  /** What is kept of the link: who reads the database cannot use it. */
  hashOf(attemptId: string): string {
    return linkHash(this.tokenOf(attemptId));
  }

  /** Where Twilio asks and tells about an attempt. */
  webhook(attemptId: string, what: 'answered' | 'status' | 'machine' | 'text'): string {
    return patient(`${this.origin}/webhooks/twilio/alerts/${attemptId}/${what}`);
  }

  private tokenOf(attemptId: string): string {
    return this.seal.sign(attemptId, 'incident link').subarray(0, TOKEN_BYTES).toString('base64url');
  }
}

export const linkHash = (token: string): string => createHash('sha256').update(token).digest('hex');
