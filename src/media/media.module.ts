import path from 'node:path';
import { Module } from '@nestjs/common';
import { TwilioMedia } from '@throughline/twilio/media.js';
import { AppConfig } from '../app.config.js';
import { ConversationsModule } from '../conversations/conversations.module.js';
import { TenancyModule } from '../tenancy/tenancy.module.js';
import { IncomingService } from './incoming.service.js';
import { LinksController } from './links.controller.js';
import { MediaController } from './media.controller.js';
import { DropProcessor, FetchProcessor } from './media.processors.js';
import { MediaService } from './media.service.js';
import { FolderStore, MediaStore } from './media.store.js';
import { OutgoingService } from './outgoing.service.js';
import { S3Store } from './s3.store.js';
import { UploadsController } from './uploads.controller.js';

// owns: media_files, media_uploads, visitor_uploads, media_keys, and the files behind them
// woken by: jobs media.fetch, media.drop; /media
// wakes: media.drop
// may import: tenancy, conversations
@Module({
  imports: [TenancyModule, ConversationsModule],
  controllers: [MediaController, UploadsController, LinksController],
  providers: [
    MediaService, IncomingService, OutgoingService, FetchProcessor, DropProcessor,
    {
      provide: MediaStore, inject: [AppConfig],
      useFactory: ({ mediaBucket, dataDir }: AppConfig) => (mediaBucket ? new S3Store(mediaBucket) : new FolderStore(path.resolve(dataDir, 'media'))),
    },
    { provide: TwilioMedia, inject: [AppConfig], useFactory: ({ twilio }: AppConfig) => new TwilioMedia({ credentials: twilio, apiOrigin: twilio.apiOrigin }) },
  ],
  exports: [MediaService],
})
export class MediaModule {}
