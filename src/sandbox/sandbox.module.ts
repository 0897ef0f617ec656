import { type DynamicModule, Module } from '@nestjs/common';
import { ControlProxy } from './control.proxy.js';
import { SandboxController } from './sandbox.controller.js';
import { SandboxService } from './sandbox.service.js';
import { SANDBOX_OPTIONS, type SandboxOptions } from './sandbox.types.js';

// owns: no tables
// woken by: /sandbox (the page of phones; only where Twilio is simulated)
// wakes: nothing
// may import: no room
@Module({})
export class SandboxModule {
  static forRoot(options: SandboxOptions): DynamicModule {
    return {
      module: SandboxModule,
      controllers: [SandboxController],
      providers: [{ provide: SANDBOX_OPTIONS, useValue: options }, SandboxService, ControlProxy],
    };
  }
}
