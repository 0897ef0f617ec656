import path from 'node:path';
import { Module } from '@nestjs/common';
import { TwilioMedia } from '@throughline/twilio/media.js';
import { AppConfig } from '../app.config.js';
import { ConversationsModule } from '../conversations/conversations.module.js';
import { TenancyModule } from '../tenancy/tenancy.module.js';
import { FetchProcessor } from './fetch.processor.js';
import { MediaController } from './media.controller.js';
import { MediaService } from './media.service.js';
import { FolderStore, MediaStore } from './media.store.js';
import { S3Store } from './s3.store.js';

// owns: media_files, and the files behind them
// woken by: job media.fetch
// wakes: nothing
// may import: tenancy, conversations
@Module({
  imports: [TenancyModule, ConversationsModule],
  controllers: [MediaController],
  providers: [
    MediaService, FetchProcessor,
    {
      provide: MediaStore, inject: [AppConfig],
      useFactory: ({ mediaBucket, dataDir }: AppConfig) => (mediaBucket ? new S3Store(mediaBucket) : new FolderStore(path.resolve(dataDir, 'media'))),
    },
    { provide: TwilioMedia, inject: [AppConfig], useFactory: ({ twilio }: AppConfig) => new TwilioMedia({ credentials: twilio, apiOrigin: twilio.apiOrigin }) },
  ],
  exports: [MediaService],
})
export class MediaModule {}
