import { Injectable } from '@nestjs/common';
import { PoliciesService } from '../policies/policies.service.js';
import { TenancyService } from '../tenancy/tenancy.service.js';
import { DrillsService } from './drills.service.js';
import type { Warning } from './drills.types.js';
import { StepsService } from './steps.service.js';
import { aboutChannels, aboutDrills, aboutPolicies, aboutSenders, ranked } from './warnings.policy.js';

const MOST = 200;

/** What would go wrong in an emergency, as far as it can be known before. */
@Injectable()
export class WarningsService {
  constructor(
    private readonly tenancy: TenancyService,
    private readonly policies: PoliciesService,
    private readonly drills: DrillsService,
    private readonly steps: StepsService,
  ) {}

  async warnings(tenantId: string): Promise<Warning[]> {
    const [{ settings }, senders, policies, drills] = await Promise.all([
      this.tenancy.tenant(tenantId), this.tenancy.listSenders(tenantId, null, MOST), this.policies.list(tenantId, null, MOST), this.drills.list(tenantId, null, MOST),
    ]);
    const aboutSteps = await this.steps.warnings(tenantId, policies);
    return ranked([...aboutSenders(senders, settings.escalation.sender), ...aboutPolicies(policies, settings.escalation), ...aboutChannels(policies, senders, settings), ...aboutSteps, ...aboutDrills(drills)]);
  }
}
