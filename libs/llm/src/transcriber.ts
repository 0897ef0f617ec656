import { OpenAI, toFile } from 'openai';
import { modelFailure } from './errors.js';

export interface TranscriberOptions {
  apiKey: string;
  /** Any server that speaks OpenAI's audio transcriptions. Default: OpenAI. */
  baseUrl?: string | undefined;
  model: string;
}

/** Longest wait for a few minutes of speech, in milliseconds. */
const TIMEOUT_MS = 60_000;

/** Writes down what is said in a recording. */
export class Transcriber {
  private readonly openai: OpenAI;

  constructor(private readonly options: TranscriberOptions) {
    this.openai = new OpenAI({
      apiKey: options.apiKey, adminAPIKey: null, organization: null, project: null, webhookSecret: null,
      baseURL: options.baseUrl || 'https://api.openai.com/v1', maxRetries: 0, timeout: TIMEOUT_MS, logLevel: 'off',
    });
  }

  /**
   * @param name with the ending of its format: `voicemail.mp3`
   * @throws HubError as a model's failures
   */
  async write(bytes: Buffer, name: string): Promise<string> {
    try {
      const { text } = await this.openai.audio.transcriptions.create({ file: await toFile(bytes, name), model: this.options.model, response_format: 'json' });
      return text;
    } catch (error) {
      throw modelFailure(error);
    }
  }
}
