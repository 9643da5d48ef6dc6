import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useState, useSyncExternalStore } from 'react';
import { type Services, ServicesProvider } from '@/lib/services';
import { SignedOut } from './pages/SignedOut';
import { Starting } from './pages/Starting';
import { createQueryClient } from './queryClient';
import { createAppRouter } from './router';

/** Nothing of the tenant is asked for, and no page is built, before somebody is signed in. */
export function App({ services }: { services: Services }) {
  const { session } = services;
  const state = useSyncExternalStore(session.subscribe, session.snapshot);
  if (state.kind === 'signed-out') {
    return <SignedOut reason={state.reason} onSignIn={() => void session.signIn()} />;
  }
  if (state.kind !== 'signed-in') return <Starting redirecting={state.kind === 'redirecting'} />;
  return (
    <ServicesProvider services={services}>
      <SignedIn />
    </ServicesProvider>
  );
}

function SignedIn() {
  const [queryClient] = useState(createQueryClient);
  const [router] = useState(() => createAppRouter());
  return (
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  );
}
