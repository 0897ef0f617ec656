import { type MiddlewareConsumer, Module, type NestModule, RequestMethod } from '@nestjs/common';
import { ContactsModule } from '../contacts/contacts.module.js';
import { ConversationsModule } from '../conversations/conversations.module.js';
import { DeliveryModule } from '../delivery/delivery.module.js';
import { MediaModule } from '../media/media.module.js';
import { VisitorsModule } from '../visitors/visitors.module.js';
import { AttachmentsService } from './attachments.service.js';
import { ChatAttachmentsController } from './chat-attachments.controller.js';
import { ChatLeadController } from './chat-lead.controller.js';
import { ChatController, ChatSessionsController } from './chat.controller.js';
import { ChatStaffController } from './chat-staff.controller.js';
import { ChatGateway } from './chat.gateway.js';
import { ChatLimits } from './chat.limits.js';
import { ChatSender } from './chat.sender.js';
import { ChatService } from './chat.service.js';
import { LeadService } from './lead.service.js';
import { RelayService } from './relay.service.js';
import { StaffService } from './staff.service.js';
import { ThreadService } from './thread.service.js';
import { ChatGuard, ChatOrigins } from './webchat.guard.js';
import { WidgetController } from './widget.controller.js';
import { WidgetScript } from './widget.script.js';

// owns: no tables
// woken by: /widget.js, /api/chat, /api/v1/conversations/:conversationSid/{visitors,typing}, the Socket.IO namespace /chat, what libs/live tells
// wakes: nothing
// may import: tenancy, contacts, conversations, visitors, media, delivery
@Module({
  imports: [ContactsModule, ConversationsModule, VisitorsModule, MediaModule, DeliveryModule],
  controllers: [WidgetController, ChatSessionsController, ChatController, ChatAttachmentsController, ChatLeadController, ChatStaffController],
  providers: [ChatService, ChatLimits, LeadService, AttachmentsService, ThreadService, RelayService, StaffService, ChatSender, ChatGateway, ChatGuard, WidgetScript],
})
export class WebchatModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(ChatOrigins).forRoutes({ path: 'api/chat/*path', method: RequestMethod.ALL });
  }
}
