import { RouterProvider } from '@tanstack/react-router';
import { router } from './router.js';

export function Console() {
  return <RouterProvider router={router} />;
}
