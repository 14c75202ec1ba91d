import { useEffect, useState } from 'preact/hooks'
import type { FaultView } from '../../faults/view.ts'
import { type Problem, pressFault } from '../studio/ask.ts'

/** The faults to arrange: one watches the promises hold. */
export function FaultSwitches() {
  const [faults, setFaults] = useState<readonly FaultView[]>([])
  const [problem, setProblem] = useState<Problem>()
  useEffect(() => void load(), [])

  async function load(): Promise<void> {
    const response = await fetch('/studio/faults')
    if (response.ok) setFaults(await response.json())
  }

  async function press(name: FaultView['name']): Promise<void> {
    setProblem(await pressFault(name))
    await load()
  }

  return (
    <section class="faults" aria-label="Faults">
      <h3>Try a fault</h3>
      <div>
        {faults.map(({ name, label, hint, isOn }) => (
          <button
            type="button"
            key={name}
            title={hint}
            aria-pressed={isOn}
            onClick={() => void press(name)}
          >
            {label}
          </button>
        ))}
      </div>
      {problem !== undefined && <p role="alert">{problem}</p>}
    </section>
  )
}
