import { BeforeApplicationShutdown, Controller, Get, HttpCode, ServiceUnavailableException } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';

/** For orchestrators. Readiness is the backend's own: without the ML service everything else goes on. */
@ApiExcludeController()
@Controller()
export class LivenessController implements BeforeApplicationShutdown {
  private stopping = false;

  @Get('livez')
  @HttpCode(200)
  alive(): void {
    return;
  }

  @Get('readyz')
  @HttpCode(200)
  ready(): void {
    if (this.stopping) throw new ServiceUnavailableException();
  }

  beforeApplicationShutdown(): void {
    this.stopping = true;
  }
}
