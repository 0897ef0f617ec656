import { Module } from '@nestjs/common';
import { PlacingService } from './placing.service.js';

// owns: placements
// woken by: nothing
// wakes: nothing
// may import: nothing
@Module({ providers: [PlacingService], exports: [PlacingService] })
export class PlacingModule {}
