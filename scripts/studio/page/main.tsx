import { render } from 'preact'
import './style/colours.css'
import './style/page.css'
import './style/chat.css'
import './style/message.css'
import './style/update.css'
import { App } from './app.tsx'

const root = document.getElementById('studio')
if (root) render(<App />, root)
