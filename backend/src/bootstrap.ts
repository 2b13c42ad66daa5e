import 'reflect-metadata';
import { LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import helmet from 'helmet';
import { AppModule } from './app.module.js';
import { ErrorShapeFilter } from './modules/ml-integration/controllers/error-shape.filter.js';
import { requestContext } from './modules/ml-integration/services/request-context.js';
import { accessLog } from './observability/access-log.js';

const LARGEST_BODY = '256kb';

/** Return the application, ready to listen. */
export async function createApp(logger: LoggerService): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule, {
    logger,
    abortOnError: false,
    bodyParser: false,
    forceCloseConnections: true,
  });
  app.disable('x-powered-by');
  app.set('etag', false); // every prediction has an id of its own: no two bodies are the same
  app.use(
    requestContext,
    accessLog,
    helmet({ contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } } }),
  );
  app.useBodyParser('json', { limit: LARGEST_BODY });
  app.useGlobalFilters(new ErrorShapeFilter());
  app.enableShutdownHooks();
  // 3.1: the contract's schemas are, and a null in them means nothing in 3.0.
  const described = new DocumentBuilder().setTitle('Finance backend').setVersion('1.0.0').setOpenAPIVersion('3.1.0');
  const description = described.build();
  SwaggerModule.setup('api/docs', app, () => SwaggerModule.createDocument(app, description));
  return app;
}
