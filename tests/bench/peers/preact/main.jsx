import { render } from 'preact'
import '../style.css'
import { App } from './App.jsx'

render(<App />, document.getElementById('app'))
