import { readAppConfig } from './app-config.js';
import { createApp } from './bootstrap.js';
import { InvalidSettings } from './modules/ml-integration/services/ml-config.js';
import { JsonLogger } from './observability/json-logger.js';

try {
  const config = readAppConfig(process.env);
  const app = await createApp(new JsonLogger(config.logLevel));
  await app.listen(config.port, config.host);
} catch (error) {
  if (!(error instanceof InvalidSettings)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
