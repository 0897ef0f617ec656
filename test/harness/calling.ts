import type { Customer } from './customer.js';
import { eventually } from './eventually.js';
import type { House } from './house.js';

interface Called {
  id: string;
  state: string;
  cause: string | null;
}

/** Whoever has people called, through the API. */
export class Calling {
  constructor(private readonly house: House) {}

  /** Somebody who has written to us once. @param agrees to calls, as a colleague has noted */
  async known(agrees = true): Promise<Customer> {
    const customer = this.house.customer();
    this.house.model.next({ say: 'Hello.' });
    customer.texts('Hello');
    await customer.expectsSms(/Hello/);
    const { items } = await this.house.api<{ items: { id: string; addresses: { id: string; address: string }[] }[] }>('/contacts?limit=200');
    const { id, addresses } = items.find((contact) => contact.addresses[0]!.address === customer.address)!;
    const consent = { addressId: addresses[0]!.id, channel: 'voice', purpose: 'service', state: 'opted_in', wording: 'You may call me.', staff: 'Dana' };
    if (agrees) await this.house.api(`/contacts/${id}/consents`, { method: 'POST', body: consent });
    return customer;
  }

  asks({ address }: Customer, more: object = {}, headers: Record<string, string> = {}): Promise<Called> {
    return this.house.api('/calls', { method: 'POST', headers, body: { address, purpose: 'your appointment tomorrow', ...more } });
  }

  /** Waits until the call stands like this. */
  async comesTo(id: string, state: string, cause = /.*/): Promise<void> {
    let last: Called | undefined;
    await eventually(() => `call ${id} to be ${state}; it is ${JSON.stringify(last)}`, async () => {
      last = await this.house.api<Called>(`/calls/${id}`);
      return last.state === state && cause.test(last.cause ?? '');
    });
  }
}
