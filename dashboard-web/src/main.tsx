import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from '@/app/App';
import { loadConfig } from '@/app/config';
import { createServices } from '@/app/createServices';
import { StartupFailure } from '@/app/pages/StartupFailure';
import '@/lib/ui/tokens.css';
import '@/lib/ui/base.css';

const container = document.getElementById('root');
if (container === null) throw new Error('index.html has no #root');
const root = createRoot(container);

try {
  const services = createServices(await loadConfig());
  services.hub.watchPage();
  root.render(
    <StrictMode>
      <App services={services} />
    </StrictMode>,
  );
  await services.session.start();
} catch (error) {
  root.render(<StartupFailure error={error} />);
}
