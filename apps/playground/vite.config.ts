import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

import { sparkKVServer } from '../../packages/core/test-servers/spark-kv.ts'

export default defineConfig({
  plugins: [react(), tailwindcss(), sparkKVServer()],
})
