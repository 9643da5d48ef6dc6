import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
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
  component: NotFound,
});
const device = createRoute({
  getParentRoute: () => root,
  path: '/devices/$deviceId',
  validateSearch: deviceSearch,
  component: NotFound,
});
const alerts = createRoute({
  getParentRoute: () => root,
  path: '/alerts',
  validateSearch: alertsSearch,
  component: NotFound,
});
const rules = createRoute({
  getParentRoute: () => root,
  path: '/rules',
  component: NotFound,
});
const rule = createRoute({
  getParentRoute: () => root,
  path: '/rules/$ruleId',
  component: NotFound,
});
const system = createRoute({
  getParentRoute: () => root,
  path: '/system',
  validateSearch: systemSearch,
  component: NotFound,
});

export function createAppRouter() {
  return createRouter({
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
