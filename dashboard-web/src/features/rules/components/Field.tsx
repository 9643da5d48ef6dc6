import { useId } from 'react';
import ui from '@/lib/ui/ui.module.css';
import styles from '../rules.module.css';

interface Props {
  label: string;
  value: string;
  hint?: string | undefined;
  suffix?: string | undefined;
  error?: string | undefined;
  /** What may be meant; anything else may be typed too. */
  suggestions?: readonly string[] | undefined;
  onChange: (value: string) => void;
}

/** A text field with its hint and its error, both told to a screen reader. */
export function Field({ label, value, hint, suffix, error, suggestions, onChange }: Props) {
  const id = useId();
  const about = error !== undefined || hint !== undefined ? `${id}-about` : undefined;
  return (
    <div className={styles.field}>
      <label htmlFor={id}>
        {label}
        {suffix && <span className={ui.dim}> ({suffix})</span>}
      </label>
      <input
        id={id}
        className={ui.input}
        value={value}
        autoComplete="off"
        list={suggestions && `${id}-known`}
        aria-invalid={error !== undefined}
        aria-describedby={about}
        onChange={(event) => onChange(event.target.value)}
      />
      {suggestions && (
        <datalist id={`${id}-known`}>
          {suggestions.map((each) => (
            <option key={each} value={each} />
          ))}
        </datalist>
      )}
      {about && (
        <span id={about} className={error ? styles.error : styles.hint}>
          {error ?? hint}
        </span>
      )}
    </div>
  );
}
