import { Module } from '@nestjs/common';
import { ContactsModule } from '../contacts/contacts.module.js';
import { ConversationsModule } from '../conversations/conversations.module.js';
import { ClaimService, WayService } from './claim.service.js';
import { DeliveryLog } from './delivery.log.js';
import { CheckProcessor, SendProcessor } from './delivery.processors.js';
import { DeliveryService } from './delivery.service.js';
import { ReceiptsService } from './receipts.service.js';
import { SenderRegistry } from './sender.registry.js';
import { SendFollowUp, SendingService } from './sending.service.js';

// owns: deliveries, sender_rates
// woken by: /api/v1/deliveries, delivery.send, delivery.check
// wakes: delivery.send, delivery.check
// may import: tenancy, contacts, conversations
@Module({
  imports: [ContactsModule, ConversationsModule],
  providers: [
    DeliveryService, SendingService, SendFollowUp, ClaimService, WayService, ReceiptsService, DeliveryLog, SenderRegistry,
    SendProcessor, CheckProcessor,
  ],
  exports: [DeliveryService],
})
export class DeliveryModule {}
