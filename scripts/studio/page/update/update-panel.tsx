/** What became of one update, beside the chat. */
export function UpdatePanel({ updateId, onClose }: { updateId: number; onClose: () => void }) {
  return (
    <aside class="update-panel" aria-label="The way of the update">
      <header>
        <h2>Update {updateId}</h2>
        <button type="button" onClick={onClose}>
          Close
        </button>
      </header>
    </aside>
  )
}
