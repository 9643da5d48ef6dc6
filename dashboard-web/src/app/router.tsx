import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  type RouterHistory,
} from '@tanstack/react-router';
import { alertsSearch } from '@/features/alerts/search';
import { deviceSearch } from '@/features/device/search';
import { devicesSearch } from '@/features/devices/search';
import { systemSearch } from '@/features/system/search';
import { NotFound } from './pages/NotFound';
import { RouteFailure } from './pages/RouteFailure';
import { parseSearch, stringifySearch } from './search';
import { Shell } from './shell/Shell';

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });

const overview = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: lazyRouteComponent(() => import('@/features/overview/OverviewPage'), 'OverviewPage'),
});
const devices = createRoute({
  getParentRoute: () => root,
  path: '/devices',
  validateSearch: devicesSearch,
  component: lazyRouteComponent(() => import('@/features/devices/DevicesPage'), 'DevicesPage'),
});
const device = createRoute({
  getParentRoute: () => root,
  path: '/devices/$deviceId',
  validateSearch: deviceSearch,
  component: lazyRouteComponent(() => import('@/features/device/DevicePage'), 'DevicePage'),
});
const alerts = createRoute({
  getParentRoute: () => root,
  path: '/alerts',
  validateSearch: alertsSearch,
  component: lazyRouteComponent(() => import('@/features/alerts/AlertsPage'), 'AlertsPage'),
});
const rules = createRoute({
  getParentRoute: () => root,
  path: '/rules',
  component: lazyRouteComponent(() => import('@/features/rules/RulesPage'), 'RulesPage'),
});
const rule = createRoute({
  getParentRoute: () => root,
  path: '/rules/$ruleId',
  component: lazyRouteComponent(() => import('@/features/rules/RulePage'), 'RulePage'),
});
const system = createRoute({
  getParentRoute: () => root,
  path: '/system',
  validateSearch: systemSearch,
  component: lazyRouteComponent(() => import('@/features/system/SystemPage'), 'SystemPage'),
});

/** `history` is the browser's unless a test gives another. */
export function createAppRouter(history?: RouterHistory) {
  return createRouter({
    ...(history ? { history } : {}),
    routeTree: root.addChildren([overview, devices, device, alerts, rules, rule, system]),
    parseSearch,
    stringifySearch,
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    defaultErrorComponent: RouteFailure,
    scrollRestoration: true,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
