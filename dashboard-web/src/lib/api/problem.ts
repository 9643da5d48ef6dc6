import type { FieldProblem, ProblemDocument } from './types';

/** A refusal or failure as the API describes it (RFC 9457), or as close as the browser can tell. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly title: string;
  readonly detail: string | null;
  readonly requestId: string | null;
  readonly slug: string | null;
  readonly fields: FieldProblem[];

  constructor(parts: {
    status: number;
    title: string;
    detail?: string | null;
    requestId?: string | null;
    slug?: string | null;
    fields?: FieldProblem[];
  }) {
    super(parts.detail ? `${parts.title}: ${parts.detail}` : parts.title);
    this.name = 'ApiProblem';
    this.status = parts.status;
    this.title = parts.title;
    this.detail = parts.detail ?? null;
    this.requestId = parts.requestId ?? null;
    this.slug = parts.slug ?? null;
    this.fields = parts.fields ?? [];
  }

  /** Nothing was wrong with the request: asking again later may work. */
  get isTransient(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

const asText = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** Reads a failed answer; a body that is no problem document still gives a title and the request id. */
export async function problemOf(response: Response): Promise<ApiProblem> {
  let body: ProblemDocument = {};
  if (response.headers.get('content-type')?.includes('json')) {
    const parsed: unknown = await response.json().catch(() => null);
    if (parsed !== null && typeof parsed === 'object') body = parsed as ProblemDocument;
  }
  const errors = Array.isArray(body.errors) ? body.errors : [];
  return new ApiProblem({
    status: response.status,
    title: asText(body.title) ?? titleOf(response.status),
    detail: asText(body.detail),
    requestId: asText(body.requestId) ?? response.headers.get('x-request-id'),
    slug: asText(body.type)?.split('/').at(-1) ?? null,
    fields: errors.flatMap((item: unknown) => {
      const { pointer, detail, position } = (item ?? {}) as { [K in keyof FieldProblem]?: unknown };
      if (typeof detail !== 'string') return [];
      return [
        {
          pointer: asText(pointer) ?? '',
          detail,
          ...(typeof position === 'number' && position >= 0 ? { position } : {}),
        },
      ];
    }),
  });
}

export function unreachable(): ApiProblem {
  return new ApiProblem({
    status: 0,
    title: 'Cannot reach the server',
    detail: 'The request got no answer.',
  });
}

/** Whatever was thrown, as a problem that a panel can show. */
export function toProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  const detail = error instanceof Error ? error.message : String(error);
  return new ApiProblem({ status: -1, title: 'The answer could not be understood', detail });
}

function titleOf(status: number): string {
  if (status === 401) return 'Signed out';
  if (status === 403) return 'No permission';
  if (status === 404) return 'Not found';
  if (status === 429) return 'Too many requests';
  return status >= 500 ? 'The server failed' : 'The request was refused';
}
