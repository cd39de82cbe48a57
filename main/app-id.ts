/** Windows finds the app's shortcut by it and shows notices under its name; the installer writes the same (build/electron-builder.config.mjs). */
export const appId = 'invalid.example.ai-studio-monitor';
