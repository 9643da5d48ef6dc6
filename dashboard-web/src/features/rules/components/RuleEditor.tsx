import { useQuery } from '@tanstack/react-query';
import { useBlocker } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { RuleDraft } from '@/lib/api/types';
import { useServices } from '@/lib/services';
import { Panel } from '@/lib/ui/Panel';
import ui from '@/lib/ui/ui.module.css';
import { metricNamesQuery } from '../api';
import { draftOf, type FormErrors, type RuleForm } from '../model/form';
import { clearText, conditionText, OPERATOR_SIGNS, scopeText } from '../model/ruleText';
import styles from '../rules.module.css';
import { Field } from './Field';

interface Props {
  initial: RuleForm;
  readOnly: boolean;
  busy: boolean;
  serverErrors: readonly { pointer: string; detail: string }[];
  onSave: (draft: RuleDraft) => void;
  onDelete: (() => void) | null;
}

/** What each field of the API is called in the form. */
const POINTERS: Record<string, keyof RuleForm> = {
  '/name': 'name',
  '/severity': 'severity',
  '/condition/metric': 'metric',
  '/condition/operator': 'operator',
  '/condition/value': 'value',
  '/condition/clear': 'clear',
  '/condition/afterSeconds': 'after',
  '/holdSeconds': 'hold',
  '/clearHoldSeconds': 'clearHold',
  '/runbook': 'runbook',
  '/owner': 'owner',
};

export function RuleEditor({ initial, readOnly, busy, serverErrors, onSave, onDelete }: Props) {
  const { api, session } = useServices();
  const metrics = useQuery(metricNamesQuery(api)).data;
  const [form, setForm] = useState(initial);
  const [shown, setShown] = useState<FormErrors>({});
  const [deleting, setDeleting] = useState(false);
  const dirty = JSON.stringify(form) !== JSON.stringify(initial);
  // A renewal of the sign-in by redirect would lose what was typed.
  useEffect(() => (dirty ? session.hold() : undefined), [dirty, session]);
  useBlocker({
    shouldBlockFn: () => dirty && !window.confirm('Leave without saving?'),
    enableBeforeUnload: () => dirty,
  });
  const { draft } = draftOf(form);
  const fromServer = Object.fromEntries(
    serverErrors.flatMap(({ pointer, detail }) => {
      const key = POINTERS[pointer.replace(/^#/, '')];
      return key ? [[key, detail]] : [];
    }),
  ) as FormErrors;
  const errors = { ...fromServer, ...shown };
  const set = <K extends keyof RuleForm>(key: K, value: RuleForm[K]) => {
    setForm({ ...form, [key]: value });
    setShown({ ...shown, [key]: undefined });
  };
  const text = (key: keyof RuleForm, label: string, hint?: string, suffix?: string) => (
    <Field
      label={label}
      hint={hint}
      suffix={suffix}
      error={errors[key]}
      value={String(form[key])}
      onChange={(value) => set(key, value as never)}
    />
  );
  const threshold = form.type === 'threshold';
  const typed = form.metric.trim();
  const isUnheard = typed !== '' && metrics !== undefined && !metrics.includes(typed);
  const metric = (hint: string) => (
    <Field
      label="Metric"
      // A name that nobody sends raises nothing, and nothing else would say so.
      hint={isUnheard ? `No device has sent “${typed}” so far: until one does, nothing is raised.` : hint}
      suggestions={metrics}
      error={errors.metric}
      value={form.metric}
      onChange={(value) => set('metric', value)}
    />
  );
  return (
    <form
      className={ui.stack}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const result = draftOf(form);
        setShown(result.errors);
        if (result.draft) onSave(result.draft);
      }}
    >
      <fieldset disabled={readOnly || busy} className={styles.form}>
        <Panel title="When" ages={false}>
          <div className={styles.grid}>
            {text('name', 'Name')}
            <label className={styles.field}>
              <span>Kind</span>
              <select
                className={ui.input}
                value={form.type}
                onChange={(event) => set('type', event.target.value as RuleForm['type'])}
              >
                <option value="threshold">A value crosses a limit</option>
                <option value="absence">A device or a metric falls silent</option>
              </select>
            </label>
            <label className={styles.field}>
              <span>Severity</span>
              <select
                className={ui.input}
                value={form.severity}
                onChange={(event) => set('severity', event.target.value as RuleForm['severity'])}
              >
                <option value="critical">Critical</option>
                <option value="warning">Warning</option>
                <option value="info">Info</option>
              </select>
            </label>
            {threshold && (
              <>
                {metric('As the device names it, e.g. temperature')}
                <label className={styles.field}>
                  <span>Comparison</span>
                  <select
                    className={ui.input}
                    value={form.operator}
                    onChange={(event) => set('operator', event.target.value as RuleForm['operator'])}
                  >
                    {Object.entries(OPERATOR_SIGNS).map(([key, sign]) => (
                      <option key={key} value={key}>
                        {sign}
                      </option>
                    ))}
                  </select>
                </label>
                {text('value', 'Limit')}
                {text('hold', 'For', 'A shorter excursion raises nothing', 's')}
                {text('clear', 'Clears at', 'Away from the limit, so that the alert does not flap')}
                {text('clearHold', 'Clear for', undefined, 's')}
              </>
            )}
            {!threshold && (
              <>
                {metric('Empty: any reading of the device counts')}
                {text('after', 'Silent for', 'By this platform’s clock, since the last reading', 's')}
              </>
            )}
          </div>
        </Panel>
        <Panel title="Where" ages={false} note="every given line must match; empty matches all">
          <div className={styles.grid}>
            {text('types', 'Types', 'boiler, chiller')}
            {text('sites', 'Sites', 'berlin, lyon')}
            {text('devices', 'Devices', 'boiler-007')}
            {text('labels', 'Labels', 'line=2, hall=north')}
          </div>
        </Panel>
        <Panel title="Who acts" ages={false}>
          <div className={styles.grid}>
            {text('owner', 'Owner')}
            {text('runbook', 'Runbook', 'What to do when it fires')}
            <label className={styles.check}>
              <input
                type="checkbox"
                checked={form.enabled}
                onChange={(event) => set('enabled', event.target.checked)}
              />
              Enabled
            </label>
          </div>
        </Panel>
      </fieldset>
      <output className={styles.sentence}>
        {draft ? (
          <>
            On <strong>{scopeText(draft.scope)}</strong>, raises a <strong>{draft.severity}</strong> alert
            when <strong>{conditionText(draft.condition, draft.holdSeconds)}</strong>; clears{' '}
            <strong>{clearText(draft)}</strong>.
          </>
        ) : (
          'Fill in the fields: the rule is then told here as a sentence.'
        )}
      </output>
      {!readOnly && (
        <div className={ui.row}>
          <button type="submit" className={`${ui.button} ${ui.primary}`} disabled={busy || !dirty}>
            {busy ? 'Saving…' : 'Save'}
          </button>
          <button
            type="button"
            className={ui.button}
            disabled={busy || !dirty}
            onClick={() => {
              setForm(initial);
              setShown({});
            }}
          >
            Undo changes
          </button>
          {onDelete && (
            <button
              type="button"
              className={`${ui.button} ${ui.danger} ${styles.delete}`}
              disabled={busy}
              onClick={() => (deleting ? onDelete() : setDeleting(true))}
              onBlur={() => setDeleting(false)}
            >
              {deleting ? 'Press again to delete' : 'Delete'}
            </button>
          )}
        </div>
      )}
    </form>
  );
}
