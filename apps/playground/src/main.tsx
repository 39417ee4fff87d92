import { StorageProvider } from '@unified-storage/react'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app'
import { storageFor } from './storage'
import './styles.css'
// After the app's own styles: the panel's layers must come later than the reset that Tailwind brings.
import '@unified-storage/ui/styles.css'

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no element with the id "root".')

createRoot(root).render(
  <StrictMode>
    <StorageProvider storage={storageFor(location.search)}>
      <App />
    </StorageProvider>
  </StrictMode>,
)
