import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { recordTransition } from '@throughline/database/transitions.js';
import { Clock } from '@throughline/kernel/clock.js';
import { conflict, notFound } from '@throughline/kernel/errors.js';
import { digestOf, isUuid, uuidOf, uuidv7 } from '@throughline/kernel/ids.js';
import { OncallService } from '../oncall/oncall.service.js';
import { StaffService } from '../staff/staff.service.js';
import { AlertPrivacyService } from './alert-privacy.service.js';
import type { Policy, Step } from './policies.types.js';
import { PoliciesRepository } from './policies.repository.js';

type Wanted = Pick<Policy, 'name' | 'steps' | 'rounds' | 'slaSeconds'>;

/** Who is told of an incident, in which order. An incident that goes on keeps its policy as it was. */
@Injectable()
export class PoliciesService {
  private readonly policies = new PoliciesRepository();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly oncall: OncallService,
    private readonly staff: StaffService,
    /** What they are told, by which channel. */
    readonly privacy: AlertPrivacyService,
  ) {}

  list(tenantId: string, after: { at: Date; id: string } | null, limit: number): Promise<Policy[]> {
    return this.database.transaction(tenantId, (tx) => this.policies.list(tx, after, limit));
  }

  /** @throws HubError `not_found` */
  policy(tenantId: string, id: string): Promise<Policy> {
    return this.database.transaction(tenantId, (tx) => this.found(id, () => this.policies.find(tx, id)));
  }

  /** The one that is named, or the oldest one. @throws HubError `conflict` where there is none */
  async choose(tx: Tx, id: string | null): Promise<Policy> {
    const policy = id ? await this.policies.find(tx, id) : (await this.policies.list(tx, null, 1))[0];
    if (!policy) throw conflict('no_policy', 'There is no policy that says who is to be told. Make one: POST /api/v1/policies.');
    return policy;
  }

  /** Also of those that are not there any more. */
  names(tenantId: string, ids: readonly string[]): Promise<Map<string, string>> {
    return this.database.transaction(tenantId, async (tx) => new Map((await this.policies.names(tx, ids)).map(({ id, name }) => [id, name])));
  }

  /** The same key twice is one policy. @throws HubError `conflict`; `invalid` and `not_found` for staff and schedules that are not there */
  async add(tenantId: string, wanted: Wanted, by: string | undefined, key: string | undefined): Promise<Policy> {
    await this.check(tenantId, wanted.steps);
    const id = key ? uuidOf(`${tenantId}/policy/${key}`) : uuidv7(this.clock.ms());
    const [at, fingerprint] = [this.clock.now(), digestOf(wanted)];
    return this.database.transaction(tenantId, async (tx) => {
      await this.staff.hold(tx, staffIn(wanted.steps), 'steps');
      const policy = { ...wanted, id, version: 1, createdAt: at, changedAt: at };
      if (await this.policies.insert(tx, policy, fingerprint)) {
        this.note(tx, id, 'none', 'version 1', 'added', by);
        return policy;
      }
      const known = await this.policies.fingerprintOf(tx, id);
      if (known === null) throw conflict('policy_exists', 'Another policy has this name.');
      if (known !== fingerprint) throw conflict('key_used', 'This Idempotency-Key came with another policy before.');
      return this.found(id, () => this.policies.find(tx, id));
    });
  }

  /** What is left out stays. @throws HubError `conflict` when somebody else has changed it since */
  async change(tenantId: string, id: string, { version, ...change }: Partial<Wanted> & { version: number }, by: string | undefined): Promise<Policy> {
    await this.check(tenantId, change.steps ?? []);
    return this.database.transaction(tenantId, async (tx) => {
      const present = await this.found(id, () => this.policies.lock(tx, id));
      if (present.version !== version) throw conflict('changed_meanwhile', `This is version ${present.version} by now. Read it again before you change it.`);
      if (change.steps) await this.staff.hold(tx, staffIn(change.steps), 'steps');
      if (change.name && (await this.policies.hasName(tx, change.name, id))) throw conflict('policy_exists', 'Another policy has this name.');
      const changed = { ...present, ...change, version: version + 1, changedAt: this.clock.now() };
      this.policies.update(tx, changed);
      this.note(tx, id, `version ${version}`, `version ${version + 1}`, Object.keys(change).join(', '), by);
      return changed;
    });
  }

  remove(tenantId: string, id: string, by: string | undefined): Promise<void> {
    return this.database.transaction(tenantId, async (tx) => {
      const { version } = await this.found(id, () => this.policies.lock(tx, id));
      this.policies.remove(tx, id, this.clock.now());
      this.note(tx, id, `version ${version}`, 'removed', 'removed', by);
    });
  }

  private async check(tenantId: string, steps: readonly Step[]): Promise<void> {
    for (const { targets } of steps) for (const target of targets) if (target.kind === 'schedule') await this.oncall.onCall(tenantId, target.scheduleId);
  }

  private note(tx: Tx, id: string, from: string, to: string, what: string, by: string | undefined): void {
    recordTransition(tx, { conversationSid: null, machine: 'policy', entityId: id, from, to, cause: by ? `${what}, by ${by}` : what, at: this.clock.now() });
  }

  private async found(id: string, find: () => Promise<Policy | null>): Promise<Policy> {
    const policy = isUuid(id) ? await find() : null;
    if (!policy) throw notFound('policy', id);
    return policy;
  }
}

const staffIn = (steps: readonly Step[]): string[] => steps.flatMap(({ targets }) => targets.flatMap((target) => (target.kind === 'staff' ? [target.staffId] : [])));
