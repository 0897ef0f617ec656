/** What Vapi answers to what it does not take. */
export class Refusal extends Error {
  constructor(readonly status: number, message: string) {
    super(message);
  }
}
