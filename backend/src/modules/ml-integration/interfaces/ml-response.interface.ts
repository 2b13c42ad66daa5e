import type { operations, paths } from './generated/ml-api.js';

/** A path of the Python service that answers a prediction. */
export type MLPath = Extract<keyof paths, `/v1/predict/${string}`>;

type Post<Path extends MLPath> = paths[Path] extends { post: infer Operation } ? Operation : never;

/** The body that `Path` takes. */
export type RequestOf<Path extends MLPath> =
  Post<Path> extends { requestBody: { content: { 'application/json': infer Body } } } ? Body : never;

/** The body that `Path` answers with 200. */
export type AnswerOf<Path extends MLPath> =
  Post<Path> extends { responses: { 200: { content: { 'application/json': infer Body } } } } ? Body : never;

/** The body of the Python service's `GET /health`. */
export type ServiceHealth = operations['health']['responses'][200]['content']['application/json'];

/** A prediction as the backend answers it: `degraded` says that the Python service was away and this is a stand-in. */
export type Served<Answer> = Answer & { degraded: boolean };

/** One field that is wrong. */
export interface MLErrorDetail {
  field: string;
  message: string;
  type: string;
}

/** The one shape of every error that the backend answers. */
export interface MLErrorResponse {
  error: {
    code: string;
    message: string;
    status: number;
    details: MLErrorDetail[];
    request_id: string;
  };
}
