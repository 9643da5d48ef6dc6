import {
  Button,
  Header,
  Menu,
  MenuItem,
  MenuSection,
  MenuTrigger,
  Popover,
  Separator,
} from 'react-aria-components';
import type { Me } from '@/lib/api/types';
import { useServices } from '@/lib/services';
import { useTheme } from '@/lib/ui/theme';
import styles from './shell.module.css';

const THEMES = [
  { id: 'system', label: 'Like the system' },
  { id: 'light', label: 'Light' },
  { id: 'dark', label: 'Dark' },
] as const;

/** Who is signed in, with which roles, and what is kept per person: the theme. */
export function UserMenu({ me }: { me: Me | null }) {
  const { session } = useServices();
  const { choice, choose } = useTheme();
  const name = me?.name ?? 'Account';
  return (
    <MenuTrigger>
      <Button className={styles.user ?? ''} aria-label={`Account: ${name}`}>
        <span className={styles.avatar} aria-hidden="true">
          {name.slice(0, 1).toUpperCase()}
        </span>
        <span className={styles.wideOnly}>{name}</span>
      </Button>
      <Popover className={styles.popover ?? ''} placement="bottom end">
        {me && (
          <div className={styles.who}>
            <strong>{me.name}</strong>
            <span>
              Tenant <b>{me.tenant}</b>
            </span>
            <span>Roles: {me.roles.join(', ') || 'none'}</span>
          </div>
        )}
        <Menu className={styles.menu ?? ''} aria-label="Account">
          <MenuSection
            selectionMode="single"
            disallowEmptySelection
            selectedKeys={[choice]}
            onSelectionChange={(keys) => {
              const picked = THEMES.find((theme) => keys !== 'all' && keys.has(theme.id));
              if (picked) choose(picked.id);
            }}
          >
            <Header className={styles.menuHead ?? ''}>Theme</Header>
            {THEMES.map((theme) => (
              <MenuItem
                key={theme.id}
                id={theme.id}
                className={styles.menuItem ?? ''}
                textValue={theme.label}
              >
                {({ isSelected }) => (
                  <>
                    <span aria-hidden="true" className={styles.check}>
                      {isSelected ? '✓' : ''}
                    </span>
                    {theme.label}
                  </>
                )}
              </MenuItem>
            ))}
          </MenuSection>
          <Separator className={styles.rule ?? ''} />
          <MenuItem id="sign-out" className={styles.menuItem ?? ''} onAction={() => void session.signOut()}>
            <span className={styles.check} aria-hidden="true" />
            Sign out
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
