/** An answer of Twilio's that is not a success. Thrown anywhere below the server, written out in one place. */
export class TwilioError extends Error {
  constructor(
    readonly status: number, readonly code: number, message: string, readonly headers: Record<string, string> = {},
  ) {
    super(message);
    this.name = 'TwilioError';
  }

  toJSON(): { code: number; message: string; more_info: string; status: number } {
    return {
      code: this.code,
      message: this.message,
      more_info: `https://www.twilio.com/docs/errors/${this.code}`,
      status: this.status,
    };
  }
}

export const badRequest = (code: number, message: string): TwilioError => new TwilioError(400, code, message);

export const conflict = (code: number, message: string): TwilioError => new TwilioError(409, code, message);

export const notFound = (path: string, code = 20404): TwilioError =>
  new TwilioError(404, code, `The requested resource ${path} was not found`);

export const unauthenticated = (): TwilioError =>
  new TwilioError(401, 20003, 'Authenticate', { 'WWW-Authenticate': 'Basic realm="Twilio API"' });
