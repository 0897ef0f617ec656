import { Module, type OnModuleInit } from '@nestjs/common';
import { Clock } from '@throughline/kernel/clock.js';
import { MailReader } from '@throughline/mail/reader.js';
import { AlertingModule } from '../alerting/alerting.module.js';
import { ContactsModule } from '../contacts/contacts.module.js';
import { ConversationsModule } from '../conversations/conversations.module.js';
import { DeliveryModule } from '../delivery/delivery.module.js';
import { DeliveryService } from '../delivery/delivery.service.js';
import { EscalationModule } from '../escalation/escalation.module.js';
import { MediaModule } from '../media/media.module.js';
import { MediaService } from '../media/media.service.js';
import { CopiesService } from './copies.service.js';
import { EmailSender } from './email.sender.js';
import { LettersService } from './letters.service.js';
import { MailAlertsService } from './mail-alerts.service.js';
import { MailboxesController } from './mailboxes.controller.js';
import { MailboxesService } from './mailboxes.service.js';
import { ReadingService } from './reading.service.js';
import { ReceivingService } from './receiving.service.js';
import { ThreadsService } from './threads.service.js';
import { WatchingService } from './watching.service.js';

// owns: mailboxes, mails, mail_handovers
// woken by: /api/v1/mailboxes, /api/v1/mails, mail that comes
// wakes: nothing
// may import: tenancy, contacts, conversations, media, delivery, escalation, alerting
@Module({
  imports: [ContactsModule, ConversationsModule, MediaModule, DeliveryModule, EscalationModule, AlertingModule],
  controllers: [MailboxesController],
  providers: [{ provide: MailReader, useFactory: () => new MailReader() }, MailboxesService, LettersService, CopiesService, MailAlertsService, ThreadsService, ReceivingService, ReadingService, WatchingService],
  exports: [MailboxesService],
})
export class EmailModule implements OnModuleInit {
  constructor(
    private readonly clock: Clock,
    private readonly mailboxes: MailboxesService,
    private readonly letters: LettersService,
    private readonly copies: CopiesService,
    private readonly delivery: DeliveryService,
    private readonly media: MediaService,
  ) {}

  onModuleInit(): void {
    this.delivery.registerSender(new EmailSender(this.clock, this.mailboxes, this.letters, this.copies));
    this.media.incoming.registerSource(this.copies);
  }
}
