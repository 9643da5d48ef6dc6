import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { delay, HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { at, renderApp, summaryOf, usual } from '@/testing/renderApp';

const server = setupServer(...usual);
beforeAll(() => server.listen({ onUnhandledFrame: 'error' }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

const device = (id: string, state = 'reporting') => ({
  id,
  site: 'lyon',
  type: 'boiler',
  presence: { state, lastSeen: '2026-11-23T11:59:58Z' },
});

const alert = {
  id: 'a1',
  device: 'boiler-7',
  site: 'lyon',
  metric: 'temperature',
  ruleId: 'r1',
  ruleName: 'Overheat',
  severity: 'critical',
  state: 'firing',
  firingSince: '2026-11-23T11:50:00Z',
  explanation: 'temperature 46.9 ≥ 46 for 2 min',
  allowedActions: ['acknowledge'],
};

const problem = (status: number) =>
  HttpResponse.json(
    { title: 'The store does not answer', detail: 'Connection refused.', requestId: 'req-1' },
    { status, headers: { 'Content-Type': 'application/problem+json' } },
  );

describe('Overview', () => {
  it('givenSlowAnswer_whenOpened_thenItSaysWhatItWaitsFor', async () => {
    server.use(http.get(at('/fleet/summary'), () => delay('infinite')));
    renderApp('/');

    expect(await screen.findByRole('status', { name: 'Loading the fleet…' })).toBeDefined();
  });

  it('givenNoDevices_whenOpened_thenTheFirstDeviceIsExplained', async () => {
    server.use(
      http.get(at('/fleet/summary'), () =>
        HttpResponse.json(summaryOf({ devices: { total: 0 }, dataThrough: null })),
      ),
    );
    renderApp('/');

    expect(await screen.findByText('./heliograph device-key my-first-device')).toBeDefined();
    expect(await screen.findByText(/iot\/v1\/demo\/my-first-device\/telemetry/)).toBeDefined();
  });

  it('givenFailure_whenOpened_thenTitleRequestIdAndRetryAreThere', async () => {
    let failing = true;
    server.use(
      http.get(at('/fleet/summary'), () => (failing ? problem(503) : HttpResponse.json(summaryOf({})))),
    );
    renderApp('/');
    const told = await screen.findByRole('alert');
    expect(told.textContent).toContain('The store does not answer');
    expect(told.textContent).toContain('req-1');

    failing = false;
    await userEvent.click(within(told).getByRole('button', { name: 'Try again' }));

    expect(await screen.findByText('No open alerts.')).toBeDefined();
  });

  it('givenCountsThatAreBehind_whenRead_thenTheySayOfWhenTheyAre', async () => {
    server.use(
      http.get(at('/fleet/summary'), () =>
        HttpResponse.json(summaryOf({ at: '2026-11-23T12:00:00Z', countedUntil: '2026-11-23T11:57:00Z' })),
      ),
    );
    renderApp('/');

    const told = await screen.findByText(/changes since wait to be counted/);
    expect(told.querySelector('time')?.dateTime).toBe('2026-11-23T11:57:00.000Z');
  });

  it('givenKeyFigures_whenRead_thenEachLeadsToWhatItCounts', async () => {
    renderApp('/');

    const late = await screen.findByRole('link', { name: /Late\s*1/ });
    expect(late.getAttribute('href')).toBe('/devices?q=status:late');
  });

  it('givenCriticalAlerts_whenOpened_thenTheTabSaysSo', async () => {
    server.use(
      http.get(at('/fleet/summary'), () =>
        HttpResponse.json(summaryOf({ alerts: { critical: 3, warning: 0, info: 0, unacknowledged: 3 } })),
      ),
    );
    renderApp('/');

    await waitFor(() => expect(document.title).toBe('(3) Overview · Heliograph'));
  });
});

describe('Devices', () => {
  it('givenFilterInTheAddress_whenOpened_thenItIsAskedForAndCanBeCleared', async () => {
    const asked: (string | null)[] = [];
    server.use(
      http.get(at('/devices'), ({ request }) => {
        asked.push(new URL(request.url).searchParams.get('q'));
        return HttpResponse.json({ items: [], nextCursor: null, total: 0 });
      }),
    );
    const { router } = renderApp('/devices?q=status:late');

    expect(await screen.findByText('No device matches')).toBeDefined();
    await userEvent.click(screen.getByRole('button', { name: 'Show all devices' }));

    await waitFor(() => expect(asked).toEqual(['status:late', null]));
    expect(router.state.location.searchStr).toBe('');
  });

  it('givenSearchThatMakesNoSense_whenOpened_thenItSaysWhereAndWhy', async () => {
    const detail = "at character 8: 'colour' is not a field";
    server.use(
      http.get(at('/devices'), () =>
        HttpResponse.json(
          { title: 'A parameter is not valid', errors: [{ pointer: 'q', detail, position: 7 }] },
          { status: 400, headers: { 'Content-Type': 'application/problem+json' } },
        ),
      ),
    );
    renderApp('/devices?q=boiler+colour:red');

    const told = await screen.findByRole('alert');
    expect(within(told).getByText('colour:red').tagName).toBe('MARK');
    expect(within(told).getByText(/^At character 8: 'colour' is not a field/)).toBeDefined();
    expect(screen.getByRole('searchbox').getAttribute('aria-invalid')).toBe('true');
  });

  it('givenMoreThanAreCounted_whenOpened_thenItSaysSo', async () => {
    server.use(
      http.get(at('/devices'), () =>
        HttpResponse.json({ items: [device('boiler-7')], total: 10_000, totalIsExact: false }),
      ),
    );
    renderApp('/devices?q=boiler+temp>30');

    expect(await screen.findByText(/^more than 10,000/)).toBeDefined();
    expect(screen.getByRole('button', { name: 'Remove temp>30' })).toBeDefined();
  });

  it('givenStatusChip_whenPressed_thenTheAddressHoldsTheToken', async () => {
    server.use(http.get(at('/devices'), () => HttpResponse.json({ items: [device('boiler-7')], total: 1 })));
    const { router } = renderApp('/devices?q=boiler');
    await userEvent.click(await screen.findByRole('button', { name: /Silent/ }));

    await waitFor(() => expect(router.state.location.searchStr).toBe('?q=boiler+status:silent'));
  });
});

describe('Device', () => {
  it('givenUnknownId_whenOpened_thenThereIsAWayOn', async () => {
    server.use(http.get(at('/devices/nobody'), () => problem(404)));
    renderApp('/devices/nobody');

    expect(await screen.findByText('There is no such device')).toBeDefined();
    expect(screen.getByRole('link', { name: 'Look for similar ids' })).toBeDefined();
  });

  it('givenStaleValue_whenShown_thenItDoesNotLookNew', async () => {
    const old = new Date(Date.now() - 575_000).toISOString();
    server.use(
      http.get(at('/devices/boiler-7'), () =>
        HttpResponse.json({
          ...device('boiler-7', 'silent'),
          expectedIntervalSeconds: 10,
          metrics: [{ name: 'temperature', unit: '°C', kind: 'number' }],
        }),
      ),
      http.get(at('/devices/boiler-7/latest'), () =>
        HttpResponse.json({
          device: 'boiler-7',
          at: old,
          samples: [{ metric: 'temperature', unit: '°C', kind: 'number', value: 21.4, time: old }],
        }),
      ),
      http.get(at('/data/boiler-7'), () => HttpResponse.json({ device: 'boiler-7', series: [] })),
      http.get(at('/rules'), () => HttpResponse.json({ items: [] })),
      http.get(at('/alerts'), () => HttpResponse.json({ items: [] })),
    );
    renderApp('/devices/boiler-7');

    const tile = await screen.findByRole('article');
    await waitFor(() => expect(tile.textContent).toContain('21.4\u2009°C'));
    // Just after midnight the value is yesterday's, and its day stands where else the seconds do.
    expect(tile.textContent).toMatch(/last (\d\d:\d\d:\d\d|\d\d? \w{3} \d\d:\d\d) \(9\u2009min ago\)/);
    expect(tile.className).toContain('stale');
  });
});

describe('History of a device', () => {
  const page = (rights: string[], history: () => boolean) => [
    http.get(at('/me'), () => HttpResponse.json({ name: 'o', tenant: 'demo', roles: [], rights })),
    http.get(at('/devices/boiler-7'), () =>
      HttpResponse.json({ ...device('boiler-7'), version: 7, mayBackfill: history(), metrics: [] }),
    ),
    http.get(at('/devices/boiler-7/latest'), () =>
      HttpResponse.json({ device: 'boiler-7', at: '2026-11-23T12:00:00Z', samples: [] }),
    ),
    http.get(at('/data/boiler-7'), () => HttpResponse.json({ device: 'boiler-7', series: [] })),
    http.get(at('/rules'), () => HttpResponse.json({ items: [] })),
    http.get(at('/alerts'), () => HttpResponse.json({ items: [] })),
  ];

  it('givenAnAdministrator_whenHistoryIsPermitted_thenTheChangeNamesTheVersionThatWasSeen', async () => {
    let may = false;
    const sent: unknown[] = [];
    server.use(
      ...page(['devices:write'], () => may),
      http.patch(at('/devices/boiler-7'), async ({ request }) => {
        sent.push(request.headers.get('if-match'), await request.json());
        may = true;
        return HttpResponse.json({});
      }),
    );
    renderApp('/devices/boiler-7');

    await userEvent.click(await screen.findByRole('button', { name: 'Permit' }));

    expect(await screen.findByRole('button', { name: 'Forbid' })).toBeDefined();
    expect(screen.getByText(/may bring readings of any age/)).toBeDefined();
    expect(sent).toEqual(['"7"', { mayBackfill: true }]);
  });

  it('givenAChangeBySomebodyElse_whenHistoryIsForbidden_thenItSaysSo', async () => {
    server.use(
      ...page(['devices:write'], () => true),
      http.patch(at('/devices/boiler-7'), () => problem(412)),
    );
    renderApp('/devices/boiler-7');

    await userEvent.click(await screen.findByRole('button', { name: 'Forbid' }));

    expect((await screen.findByText(/Somebody changed this device/)).getAttribute('role')).toBe('alert');
  });

  it('givenAViewer_whenOpened_thenItIsToldAndNotOffered', async () => {
    server.use(...page(['devices:read'], () => true));
    renderApp('/devices/boiler-7');

    expect(await screen.findByText(/may bring readings of any age/)).toBeDefined();
    expect(screen.queryByRole('button', { name: 'Forbid' })).toBeNull();
  });
});

describe('Alerts', () => {
  const list = (items: unknown[]) =>
    http.get(at('/alerts'), () =>
      HttpResponse.json({ items, total: items.length, counts: { critical: items.length } }),
    );

  it('givenNone_whenOpened_thenItIsCalmRatherThanBlank', async () => {
    server.use(list([]));
    renderApp('/alerts');

    expect(await screen.findByText(/An alert appears here by itself/)).toBeDefined();
  });

  it('givenRightToAcknowledge_whenDone_thenTheCommentIsSent', async () => {
    const sent: unknown[] = [];
    server.use(
      list([alert]),
      http.get(at('/alerts/a1'), () => HttpResponse.json({ ...alert, transitions: [] })),
      http.post(at('/alerts/a1:acknowledge'), async ({ request }) => {
        sent.push(await request.json());
        return new HttpResponse(null, { status: 204 });
      }),
    );
    renderApp('/alerts?alert=a1');
    await userEvent.type(await screen.findByLabelText('Comment (optional)'), 'Valve shut');
    await userEvent.click(screen.getByRole('button', { name: 'Acknowledge' }));

    await waitFor(() => expect(sent).toEqual([{ comment: 'Valve shut' }]));
  });

  it('givenNoRight_whenOpened_thenThereIsNoButtonAndTheReasonIsTold', async () => {
    server.use(
      list([alert]),
      http.get(at('/alerts/a1'), () => HttpResponse.json({ ...alert, allowedActions: [], transitions: [] })),
    );
    renderApp('/alerts?alert=a1');

    expect(await screen.findByText(/Your role may read alerts but not acknowledge/)).toBeDefined();
    expect(screen.queryByRole('button', { name: 'Acknowledge' })).toBeNull();
  });
});

describe('Rules', () => {
  it('givenClearAboveTheLimit_whenSaved_thenTheFieldSaysWhyAndNothingIsSent', async () => {
    renderApp('/rules/new');
    await userEvent.type(await screen.findByLabelText('Name'), 'Overheat');
    await userEvent.type(screen.getByLabelText('Metric'), 'temperature');
    await userEvent.type(screen.getByLabelText('Limit'), '46');
    await userEvent.type(screen.getByLabelText('Clears at'), '47');
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));

    expect(await screen.findByText(/Must be at most the limit/)).toBeDefined();
  });

  it('givenAMetricThatNobodySends_whenTyped_thenTheFieldSaysThatNothingIsRaised', async () => {
    renderApp('/rules/new');
    await screen.findByRole('button', { name: 'Save' });
    await userEvent.selectOptions(screen.getByLabelText('Kind'), 'absence');
    const metric = screen.getByLabelText('Metric');
    expect(screen.getByText('Empty: any reading of the device counts')).toBeDefined();

    await userEvent.type(metric, 'temprature');
    expect(await screen.findByText(/No device has sent “temprature” so far/)).toBeDefined();
    await userEvent.clear(metric);
    await userEvent.type(metric, 'temperature');

    expect(screen.queryByText(/No device has sent/)).toBeNull();
    expect(document.getElementById(metric.getAttribute('list') ?? '')?.innerHTML).toContain('temperature');
  });

  it('givenWrongFields_whenChangesAreUndone_thenNothingIsSaidToBeWrong', async () => {
    renderApp('/rules/new');
    await screen.findByRole('button', { name: 'Save' });
    await userEvent.selectOptions(screen.getByLabelText('Kind'), 'absence');
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    expect(await screen.findByText(/A name is needed/)).toBeDefined();

    await userEvent.click(screen.getByRole('button', { name: 'Undo changes' }));

    expect(screen.queryByText(/A name is needed/)).toBeNull();
  });
});

describe('System', () => {
  const kept = {
    id: 'q1',
    device: 'boiler-1',
    topic: 't',
    transport: 'mqtt',
    reason: 'TOPIC',
    detail: 'no layout knows this topic',
    hint: 'Add a mapping for this topic, then replay.',
    receivedAt: '2026-11-23T11:00:00Z',
    size: 7,
    payloadPreview: '{"t":1}',
    notReplayable: null,
    replay: null,
  };
  const counts = {
    received: 0,
    stored: 0,
    duplicate: 0,
    quarantined: 0,
    inFlight: 0,
    missing: 0,
    unsure: 0,
    state: 'balanced',
  };
  const ledger = { from: '2026-11-23T11:00:00Z', to: '2026-11-23T12:00:00Z', items: [], imbalances: [] };
  const pageOf = (rights: string[], totals: object) => [
    http.get(at('/me'), () => HttpResponse.json({ name: 'o', tenant: 'demo', roles: [], rights })),
    http.get(at('/ledger'), () => HttpResponse.json({ ...ledger, totals: { ...counts, ...totals } })),
    http.get(at('/quarantine'), () => HttpResponse.json({ items: [kept], nextCursor: null, total: 1 })),
  ];

  it('givenStoreByClasses_whenShown_thenSizesAndTimesOfEachAreTold', async () => {
    server.use(
      ...pageOf(['data:read'], {}),
      http.get(at('/system'), () =>
        HttpResponse.json({
          version: '0.1.0',
          at: '2026-11-23T12:00:00Z',
          stages: [],
          quarantine: [],
          store: {
            measurements: 1000,
            sizeBytes: 5e6,
            oldest: null,
            newest: null,
            timescale: false,
            product: 'PostgreSQL 18.6',
            schema: '10',
            classes: [
              { name: 'raw', sizeBytes: 3e6, rows: 1000, keptSeconds: 2_592_000 },
              { name: 'other', sizeBytes: 1e6, rows: 10, keptSeconds: null },
            ],
          },
        }),
      ),
    );
    renderApp('/system');

    expect(await screen.findByText('PostgreSQL 18.6')).toBeTruthy();
    const raw = screen.getByRole('row', { name: /Samples/ });
    expect(raw.textContent).toContain('3\u2009MB');
    expect(raw.textContent).toContain('30\u2009d');
    expect(screen.getByRole('row', { name: /Other/ }).textContent).toContain('–');
  });

  it('givenChosenMessage_whenPreviewedAndReplayed_thenTheOutcomeIsOnItsRow', async () => {
    const asked: string[] = [];
    const answer = (dryRun: boolean) => async () => {
      asked.push(dryRun ? 'preview' : 'replay');
      return HttpResponse.json({
        dryRun,
        results: [{ id: 'q1', outcome: 'accepted', detail: '1 readings with 1 samples', preview: [] }],
      });
    };
    server.use(
      ...pageOf(['quarantine:replay'], {}),
      http.post(at('/quarantine\\:preview'), answer(true)),
      http.post(at('/quarantine\\:replay'), answer(false)),
    );
    renderApp('/system');

    await userEvent.click(await screen.findByRole('checkbox', { name: /Choose TOPIC of boiler-1/ }));
    await userEvent.click(screen.getByRole('button', { name: 'Preview' }));
    expect(await screen.findByText('Would be accepted')).toBeDefined();
    await userEvent.click(screen.getByRole('button', { name: 'Replay' }));

    expect(await screen.findByText('Accepted')).toBeDefined();
    expect(asked).toEqual(['preview', 'replay']);
  });

  it('givenGatewayAway_whenReplayed_thenTheReasonIsTold', async () => {
    server.use(
      ...pageOf(['quarantine:replay'], {}),
      http.post(at('/quarantine\\:replay'), () =>
        HttpResponse.json(
          { title: 'Not available now', detail: 'The gateway does not answer.' },
          { status: 503 },
        ),
      ),
    );
    renderApp('/system');

    await userEvent.click(await screen.findByRole('checkbox', { name: /Choose TOPIC/ }));
    await userEvent.click(screen.getByRole('button', { name: 'Replay' }));

    expect(await screen.findByText('The gateway does not answer.')).toBeDefined();
  });

  const tally = (rows: number, refused: number) => ({
    rows,
    accepted: rows - refused,
    partial: 0,
    refused,
    failed: 0,
    readings: rows - refused,
    samples: rows - refused,
    refusals: refused > 0 ? [{ reason: 'UNKNOWN_DEVICE', rows: refused, detail: 'not registered' }] : [],
  });
  const matchPreview = {
    matched: 1250,
    matchedIsExact: true,
    replayable: 1200,
    alreadyReplayed: 40,
    notReplayable: 10,
    reasons: { TOPIC: 1200 },
    until: '2026-11-23T12:00:00Z',
    sample: tally(100, 2),
    cursor: 'first',
  };

  it('givenFilter_whenAllThatMatchAreReplayed_thenThePreviewComesFirstAndProgressIsToldToTheEnd', async () => {
    const asked: unknown[] = [];
    let answerLast: () => void = () => undefined;
    const last = new Promise<void>((resolve) => {
      answerLast = resolve;
    });
    server.use(
      ...pageOf(['quarantine:replay'], {}),
      http.post(at('/quarantine\\:previewMatching'), async ({ request }) => {
        asked.push(await request.json());
        return HttpResponse.json(matchPreview);
      }),
      http.post(at('/quarantine\\:replayMatching'), async ({ request }) => {
        const order = (await request.json()) as { cursor: string };
        asked.push(order);
        const isFirst = order.cursor === 'first';
        if (!isFirst) await last;
        return HttpResponse.json({
          taken: isFirst ? tally(500, 10) : tally(700, 0),
          through: '2026-11-23T11:00:00Z',
          remaining: isFirst ? 700 : 0,
          remainingIsExact: true,
          nextCursor: isFirst ? 'second' : null,
        });
      }),
    );
    renderApp('/system?reason=TOPIC&since=24h&open=yes');

    await userEvent.click(await screen.findByRole('button', { name: 'Replay all that match…' }));
    const section = await screen.findByRole('region', { name: 'Replay of all that match' });
    expect(section.textContent).toContain('1,200 messages would be taken again.');
    expect(section.textContent).toContain(
      'Left out: 40 accepted by a replay before and 10 that cannot be replayed.',
    );
    expect(section.textContent).toContain('98 would be accepted, 2 refused again');
    expect(asked).toEqual([{ reason: 'TOPIC', from: 'now-24h', replayed: false }]);

    await userEvent.click(within(section).getByRole('button', { name: 'Replay 1,200 messages' }));
    const progress = await within(section).findByRole('progressbar', { name: 'Messages taken again' });
    await waitFor(() => expect(progress.getAttribute('value')).toBe('500'));
    expect(section.textContent).toContain('700 messages left.');
    answerLast();

    expect(await within(section).findByText('Done.')).toBeDefined();
    expect(section.textContent).toContain('1,200 messages taken again: 1,190 accepted, 10 refused again.');
    expect(asked.slice(1)).toEqual([{ cursor: 'first' }, { cursor: 'second' }]);
  });

  it('givenGatewayThatGoesAway_whenAllAreReplayed_thenItIsToldAndGoesOnFromWhereItWas', async () => {
    let away = false;
    const cursors: string[] = [];
    server.use(
      ...pageOf(['quarantine:replay'], {}),
      http.post(at('/quarantine\\:previewMatching'), () => HttpResponse.json(matchPreview)),
      http.post(at('/quarantine\\:replayMatching'), async ({ request }) => {
        const { cursor } = (await request.json()) as { cursor: string };
        if (away)
          return HttpResponse.json(
            { title: 'Not available now', detail: 'The gateway does not answer.' },
            { status: 503 },
          );
        cursors.push(cursor);
        away = cursor === 'first';
        return HttpResponse.json({
          taken: tally(600, 0),
          through: '2026-11-23T11:00:00Z',
          remaining: cursor === 'first' ? 600 : 0,
          remainingIsExact: true,
          nextCursor: cursor === 'first' ? 'second' : null,
        });
      }),
    );
    renderApp('/system');

    await userEvent.click(await screen.findByRole('button', { name: 'Replay all…' }));
    await userEvent.click(await screen.findByRole('button', { name: 'Replay 1,200 messages' }));
    expect(await screen.findByText('The gateway does not answer.')).toBeDefined();
    away = false;
    await userEvent.click(screen.getByRole('button', { name: 'Go on' }));

    expect(await screen.findByText('Done.')).toBeDefined();
    expect(cursors).toEqual(['first', 'second']);
  });

  it('givenViewerAndLoss_whenOpened_thenTheLossIsReadAndNothingCanBeReplayed', async () => {
    server.use(...pageOf([], { received: 100, stored: 93, missing: 7, state: 'imbalance' }));
    renderApp('/system');

    expect(await screen.findByText(/7 missing/)).toBeDefined();
    expect(await screen.findByText('no layout knows this topic')).toBeDefined();
    expect(screen.queryByRole('button', { name: /Replay/ })).toBeNull();
    expect(screen.queryByRole('checkbox', { name: /Choose/ })).toBeNull();
  });

  it('givenMinuteThatSettles_whenTheStreamTellsIt_thenTheLedgerFollowsWithoutAsking', async () => {
    let tell: (text: string) => void = () => undefined;
    server.use(
      ...pageOf([], { received: 5, inFlight: 5, state: 'in-flight' }),
      http.get(at('/stream'), ({ request }) =>
        new URL(request.url).searchParams.get('topics') === 'ledger'
          ? new HttpResponse(
              new ReadableStream<Uint8Array>({
                start: (controller) => {
                  tell = (text) => controller.enqueue(new TextEncoder().encode(text));
                },
              }),
            )
          : new HttpResponse(null, { status: 404 }),
      ),
    );
    renderApp('/system');
    expect(await screen.findByText(/5 in flight/)).toBeDefined();

    const settled = { start: '2026-11-23T11:59:00Z', counts: { ...counts, received: 5, stored: 5 } };
    tell(`event: ledger\ndata: ${JSON.stringify([settled])}\n\n`);

    expect(await screen.findByText(/^Balanced: 5/)).toBeDefined();
  });

  it('givenNothingReceived_whenOpened_thenTheLedgerSaysSo', async () => {
    server.use(...pageOf([], {}));
    renderApp('/system');

    expect(await screen.findByText('Nothing was received in the last hour')).toBeDefined();
  });
});

it('givenNoPermission_whenRefused_thenItSaysSoAndOffersNoRetry', async () => {
  server.use(
    http.get(at('/rules'), () =>
      HttpResponse.json({ title: 'Forbidden', requestId: 'req-2' }, { status: 403 }),
    ),
  );
  renderApp('/rules');

  const told = await screen.findByRole('alert');
  expect(told.textContent).toContain('Your role does not allow this');
  expect(within(told).queryByRole('button')).toBeNull();
});

it('givenUnknownAddress_whenOpened_thenThereAreWaysOn', async () => {
  renderApp('/nowhere/pump-3');

  expect(await screen.findByRole('heading', { name: 'Page not found' })).toBeDefined();
  expect(screen.getByRole('link', { name: /pump-3/ }).getAttribute('href')).toBe('/devices?q=pump-3');
});
