import { withThemeByClassName } from '@storybook/addon-themes'
import type { Preview, ReactRenderer } from '@storybook/react-vite'
import '../packages/ui/src/styles.css'
import './preview.css'

const preview: Preview = {
  decorators: [
    withThemeByClassName<ReactRenderer>({ themes: { light: 'light', dark: 'dark' }, defaultTheme: 'light' }),
  ],
  parameters: {
    // A violation fails the story's test.
    a11y: { test: 'error' },
  },
  tags: ['autodocs'],
}

export default preview
