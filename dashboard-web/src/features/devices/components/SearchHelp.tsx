import ui from '@/lib/ui/ui.module.css';
import styles from '../devices.module.css';

const LINES: [example: string, meaning: string][] = [
  ['boiler', 'in the id or name; boil* begins so; "hall 3" keeps spaces'],
  ['site:lyon', 'also type, fw, name, id, status, enabled, alert, metric'],
  ['label.line:2', 'a label; site:* any value; type:boiler,pump one of them; fw:2.3* begins so'],
  ['temperature>30', 'newest value of a metric: > >= < <= = !=, without spaces'],
  ['seen>1h', 'not heard for longer than that: > >= < <= with s, m, h, d, w'],
  ['-fw:2.3', 'without these, whatever comes after the minus'],
  ['(site:lyon or site:oslo) late', 'either of them; without parentheses "or" parts everything'],
];

/** The language of the search, in a few lines. */
export function SearchHelp() {
  return (
    <details className={styles.help}>
      <summary>How to search</summary>
      <dl>
        {LINES.map(([example, meaning]) => (
          <div key={example}>
            <dt>
              <code>{example}</code>
            </dt>
            <dd className={ui.second}>{meaning}</dd>
          </div>
        ))}
      </dl>
      <p className={ui.second}>Everything else must hold. Quotes take every character as it is.</p>
    </details>
  );
}
