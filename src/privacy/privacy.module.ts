import { Module } from '@nestjs/common';
import { AssistantModule } from '../assistant/assistant.module.js';
import { CallbackModule } from '../callback/callback.module.js';
import { CallsModule } from '../calls/calls.module.js';
import { ContactsModule } from '../contacts/contacts.module.js';
import { ConversationsModule } from '../conversations/conversations.module.js';
import { DeliveryModule } from '../delivery/delivery.module.js';
import { EscalationModule } from '../escalation/escalation.module.js';
import { KnowledgeModule } from '../knowledge/knowledge.module.js';
import { MediaModule } from '../media/media.module.js';
import { MemoryModule } from '../memory/memory.module.js';
import { MirrorModule } from '../mirror/mirror.module.js';
import { OutboundModule } from '../outbound/outbound.module.js';
import { TransferModule } from '../transfer/transfer.module.js';
import { TenancyModule } from '../tenancy/tenancy.module.js';
import { TriageModule } from '../triage/triage.module.js';
import { VisitorsModule } from '../visitors/visitors.module.js';
import { CopiesService } from './copies.service.js';
import { ErasureService } from './erasure.service.js';
import { ExportService } from './export.service.js';
import { PhonesService } from './phones.service.js';
import { PrivacyController } from './privacy.controller.js';
import { ErasureProcessor, RetentionProcessor } from './privacy.processors.js';
import { PrivacyService } from './privacy.service.js';
import { PurgingService } from './purging.service.js';
import { QuotesService } from './quotes.service.js';
import { RetentionService } from './retention.service.js';
import { StoresService } from './stores.service.js';
import { TracesService } from './traces.service.js';

// owns: erasures, erasure_copies, erasure_needles
// woken by: /api/v1/contacts/:id/export, /api/v1/contacts/:id/erasure, jobs privacy.erase, privacy.retain
// wakes: privacy.erase
// may import: tenancy, contacts, conversations, calls, visitors, mirror, memory, media, knowledge, delivery, transfer, outbound, escalation, callback, triage, assistant
@Module({
  imports: [TenancyModule, ContactsModule, ConversationsModule, CallsModule, VisitorsModule, MirrorModule, MemoryModule, MediaModule, KnowledgeModule, DeliveryModule, TransferModule, OutboundModule, EscalationModule, CallbackModule, TriageModule, AssistantModule],
  controllers: [PrivacyController],
  providers: [
    PrivacyService, ExportService, ErasureService, StoresService, TracesService, CopiesService, RetentionService, PurgingService, QuotesService, PhonesService,
    ErasureProcessor, RetentionProcessor,
  ],
})
export class PrivacyModule {}
