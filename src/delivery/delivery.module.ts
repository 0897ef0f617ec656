import { Module } from '@nestjs/common';
import { ContactsModule } from '../contacts/contacts.module.js';
import { ConversationsModule } from '../conversations/conversations.module.js';
import { ClaimService } from './claim.service.js';
import { DeliveriesController } from './deliveries.controller.js';
import { DeliveryLog } from './delivery.log.js';
import { CheckProcessor, SendProcessor } from './delivery.processors.js';
import { DeliveryService } from './delivery.service.js';
import { ProviderService } from './provider.service.js';
import { ReceiptsService } from './receipts.service.js';
import { SenderRegistry } from './sender.registry.js';
import { SendingService } from './sending.service.js';
import { WayService } from './way.service.js';

// owns: deliveries, sender_rates
// woken by: /api/v1/deliveries, delivery.send, delivery.check
// wakes: delivery.send, delivery.check
// may import: tenancy, contacts, conversations
@Module({
  imports: [ContactsModule, ConversationsModule],
  controllers: [DeliveriesController],
  providers: [
    DeliveryService, SendingService, ClaimService, WayService, ReceiptsService, ProviderService, DeliveryLog, SenderRegistry,
    SendProcessor, CheckProcessor,
  ],
  exports: [DeliveryService],
})
export class DeliveryModule {}
