import type { Way } from '../../events/way.ts'
import { dollars, milliseconds } from './format.ts'

/** What was asked of the provider and of Telegram: times, tokens, cost. */
export function Calls({ way: { providerCalls, charges, sendings } }: { way: Way }) {
  const total = charges.reduce((sum, { costMicroUsd }) => sum + (costMicroUsd ?? 0), 0)
  return (
    <>
      {providerCalls.length > 0 && (
        <Table title="Provider" columns={['call', 'first content', 'whole', 'sound']}>
          {providerCalls.map(({ order, path, fault, firstContentMs, tookMs, audioSeconds }) => (
            <tr key={order}>
              <td>
                <code>{path}</code> {fault !== null && <span class="failed">{fault}</span>}
              </td>
              <td>{firstContentMs === null ? '' : milliseconds(firstContentMs)}</td>
              <td>{milliseconds(tookMs)}</td>
              <td>{audioSeconds === null ? '' : `${audioSeconds.toFixed(1)} s`}</td>
            </tr>
          ))}
        </Table>
      )}
      {charges.length > 0 && (
        <Table
          title={`Ledger: ${dollars(total)} by the price list`}
          columns={['run', 'step', 'model', 'tokens in, out', 'cost']}
        >
          {charges.map(
            ({ attempt, step, model, inputTokens, outputTokens, costMicroUsd }, index) => (
              <tr key={`${index} ${step}`}>
                <td>{attempt}</td>
                <td>
                  <code>{step.split(':')[0]}</code>
                </td>
                <td>{model}</td>
                <td>
                  {inputTokens}, {outputTokens}
                </td>
                <td>{dollars(costMicroUsd)}</td>
              </tr>
            ),
          )}
        </Table>
      )}
      {sendings.length > 0 && (
        <Table title="Telegram" columns={['method', 'outcome', 'took']}>
          {sendings.map(({ method, outcome, reason, ms, startMs }) => (
            <tr key={`${startMs} ${method}`}>
              <td>
                <code>{method}</code>
              </td>
              <td class={outcome === 'ok' ? '' : 'failed'}>{reason ?? outcome}</td>
              <td>{milliseconds(ms)}</td>
            </tr>
          ))}
        </Table>
      )}
    </>
  )
}

type TableProps = {
  title: string
  columns: readonly string[]
  children: preact.ComponentChildren
}

function Table({ title, columns, children }: TableProps) {
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </section>
  )
}
