/* A PKCS#11 module that hands every call to a real one, except where the control file says how it shall misbehave.
 *
 * TROUBLED_REAL      path of the real module
 * TROUBLED_CONTROL   path of a file that holds one of:
 *   hang      C_Sign never returns
 *   crash     C_Sign ends the process
 *   removed   C_Sign answers CKR_DEVICE_REMOVED
 *   locked    C_Login answers CKR_PIN_LOCKED
 * On entering such a call TROUBLED_CONTROL.entered is written.
 *
 * CK_FUNCTION_LIST (PKCS#11 2.40 section 5.4) is a version padded to a pointer, then 68 functions in the order of the
 * standard: C_Login is the 19th, C_Sign the 44th. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FUNCTIONS = 68, LOGIN = 18, SIGN = 43 };
enum { CKR_GENERAL_ERROR = 0x5, CKR_DEVICE_REMOVED = 0x32, CKR_PIN_LOCKED = 0xa4 };

typedef unsigned long ulong;
struct list { void *version; void *functions[FUNCTIONS]; };
typedef ulong (*get_list)(struct list **);
typedef ulong (*sign)(ulong, void *, ulong, void *, ulong *);
typedef ulong (*login)(ulong, ulong, void *, ulong);

static struct list *real;
static struct list ours;

static int told_to(const char *trouble) {
  char path[1024], word[32] = "";
  snprintf(path, sizeof path, "%s", getenv("TROUBLED_CONTROL"));
  FILE *file = fopen(path, "r");
  if (!file) return 0;
  if (!fgets(word, sizeof word, file)) word[0] = 0;
  fclose(file);
  if (strcmp(word, trouble)) return 0;
  strncat(path, ".entered", sizeof path - strlen(path) - 1);
  if ((file = fopen(path, "w"))) fclose(file);
  return 1;
}

static ulong our_sign(ulong session, void *data, ulong size, void *signature, ulong *length) {
  if (told_to("hang")) for (;;) pause();
  if (told_to("crash")) abort();
  if (told_to("removed")) return CKR_DEVICE_REMOVED;
  return ((sign)real->functions[SIGN])(session, data, size, signature, length);
}

static ulong our_login(ulong session, ulong user, void *pin, ulong size) {
  if (told_to("locked")) return CKR_PIN_LOCKED;
  return ((login)real->functions[LOGIN])(session, user, pin, size);
}

ulong C_GetFunctionList(struct list **out) {
  void *library = dlopen(getenv("TROUBLED_REAL"), RTLD_NOW | RTLD_LOCAL);
  get_list get = library ? (get_list)dlsym(library, "C_GetFunctionList") : NULL;
  if (!get || get(&real)) return CKR_GENERAL_ERROR;
  ours = *real;
  ours.functions[LOGIN] = (void *)our_login;
  ours.functions[SIGN] = (void *)our_sign;
  *out = &ours;
  return 0;
}
