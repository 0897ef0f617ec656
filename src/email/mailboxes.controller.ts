import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiBadRequestResponse, ApiConflictResponse, ApiNoContentResponse, ApiOperation } from '@nestjs/swagger';
import { type Page, pageOf } from '@throughline/database/cursor.js';
import { Answers, CurrentCaller, ManagementApi } from '../tenancy/tenancy.guard.js';
import { type Caller, type PageQuery, pageQuery } from '../tenancy/tenancy.types.js';
import { CopiesService } from './copies.service.js';
import {
  apart, type MailboxChangeBody, mailboxChangeSchema, mailboxesSchema, mailboxSchema, mailsQuery, type MailsQuery, mailsSchema, type NewMailboxBody, newMailboxSchema, shownMail,
  wholeMailSchema,
} from './email.schemas.js';
import type { Mailbox, MailEntry } from './email.types.js';
import { MailboxesService } from './mailboxes.service.js';

/** Unlike a number, a mailbox is proved to be the tenant's by its password, so the tenant's own programs may add it. */
@Controller('api/v1')
@ManagementApi('Mailboxes')
export class MailboxesController {
  constructor(
    private readonly mailboxes: MailboxesService,
    private readonly copies: CopiesService,
  ) {}

  @Get('mailboxes')
  @ApiOperation({ operationId: 'listMailboxes', summary: 'Mailboxes, oldest first' })
  @Answers(mailboxesSchema, 'A page of mailboxes')
  async list(@CurrentCaller() { tenantId }: Caller, @Query({ schema: pageQuery() }) { limit, cursor }: PageQuery): Promise<Page<Mailbox>> {
    const rows = await this.mailboxes.list(tenantId, cursor, limit + 1);
    return pageOf(rows, limit, (mailbox) => ({ at: mailbox.createdAt, id: mailbox.id }));
  }

  @Post('mailboxes')
  @ApiOperation({
    operationId: 'addMailbox', summary: 'Take in and send e-mail by a mailbox',
    description: 'It is read by IMAP from now on: mails that are in it already are left alone. `trouble` says within seconds whether it can be.',
  })
  @ApiBadRequestResponse({ description: 'A field is wrong, or a server is in a private network that the operator has not allowed (MAIL_PRIVATE_HOSTS)' })
  @ApiConflictResponse({ description: 'Some tenant has this address already' })
  @Answers(mailboxSchema, 'The new mailbox', 201)
  add(@CurrentCaller() { tenantId }: Caller, @Body({ schema: newMailboxSchema }) body: NewMailboxBody): Promise<Mailbox> {
    const { imap: { password: imap, ...imapServer }, smtp: { password: smtp, ...smtpServer }, ...settings } = body;
    return this.mailboxes.add(tenantId, { ...settings, imap: imapServer, smtp: smtpServer }, { imap, smtp });
  }

  @Get('mailboxes/:id')
  @ApiOperation({ operationId: 'getMailbox', summary: 'One mailbox' })
  @Answers(mailboxSchema, 'The mailbox')
  one(@CurrentCaller() { tenantId }: Caller, @Param('id') id: string): Promise<Mailbox> {
    return this.mailboxes.mailbox(tenantId, id);
  }

  @Patch('mailboxes/:id')
  @ApiOperation({ operationId: 'changeMailbox', summary: 'Change servers, passwords or settings', description: 'What is left out stays.' })
  @Answers(mailboxSchema, 'The mailbox as it is now')
  change(@CurrentCaller() { tenantId }: Caller, @Param('id') id: string, @Body({ schema: mailboxChangeSchema }) body: MailboxChangeBody): Promise<Mailbox> {
    const { settings, passwords } = apart(body);
    return this.mailboxes.change(tenantId, id, { ...settings, passwords });
  }

  @Delete('mailboxes/:id')
  @HttpCode(204)
  @ApiOperation({ operationId: 'removeMailbox', summary: 'Read and send by it no more', description: 'What was said by it stays, and so does what is in it.' })
  @ApiNoContentResponse({ description: 'It is no mailbox of this tenant any more' })
  remove(@CurrentCaller() { tenantId }: Caller, @Param('id') id: string): Promise<void> {
    return this.mailboxes.remove(tenantId, id);
  }

  @Get('mailboxes/:id/mails')
  @ApiOperation({ operationId: 'listMails', summary: 'What became of mails that came', description: 'With `fate=set_aside` those that could not be taken in. They are in the mailbox, under their UID.' })
  @Answers(mailsSchema, 'A page of mails, oldest first')
  async mails(@CurrentCaller() { tenantId }: Caller, @Param('id') id: string, @Query({ schema: mailsQuery }) { limit, cursor, fate }: MailsQuery): Promise<Page<MailEntry>> {
    const rows = await this.mailboxes.mailsOf(tenantId, id, { fate: fate ?? null, after: cursor, limit: limit + 1 });
    return pageOf(rows, limit, (mail) => ({ at: mail.createdAt, id: mail.id }));
  }

  @Get('mails/:messageId')
  @ApiOperation({ operationId: 'getMail', summary: 'A message that came by e-mail, all of it', description: 'With quotes, signature and HTML, fetched from its mailbox. `messageId` is the id of the message in the thread.' })
  @Answers(wholeMailSchema, 'The mail')
  async whole(@CurrentCaller() { tenantId }: Caller, @Param('messageId') messageId: string): Promise<ReturnType<typeof shownMail>> {
    return shownMail(await this.copies.whole(tenantId, messageId));
  }
}
