import { Module } from '@nestjs/common';
import { ContactsModule } from '../contacts/contacts.module.js';
import { ConversationsModule } from '../conversations/conversations.module.js';
import { RoutesModule } from '../routes/routes.module.js';
import { ClaimService } from './claim.service.js';
import { DeliveriesController } from './deliveries.controller.js';
import { DeliveryLog } from './delivery.log.js';
import { CheckProcessor, SendProcessor } from './delivery.processors.js';
import { DeliveryService } from './delivery.service.js';
import { FallsService } from './falls.service.js';
import { ProviderService } from './provider.service.js';
import { ReceiptsService } from './receipts.service.js';
import { SenderRegistry } from './sender.registry.js';
import { SendingService } from './sending.service.js';

// owns: deliveries, sender_rates
// woken by: /api/v1/deliveries, delivery.send, delivery.check
// wakes: delivery.send, delivery.check
// may import: tenancy, contacts, conversations, routes
@Module({
  imports: [ContactsModule, ConversationsModule, RoutesModule],
  controllers: [DeliveriesController],
  providers: [
    DeliveryService, SendingService, ClaimService, FallsService, ReceiptsService, ProviderService, DeliveryLog, SenderRegistry,
    SendProcessor, CheckProcessor,
  ],
  exports: [DeliveryService],
})
export class DeliveryModule {}
