/* A PKCS#11 module that hands every call to a real one, except where the control file says how it shall misbehave.
 *
 * TROUBLED_REAL      path of the real module
 * TROUBLED_CONF      SOFTHSM2_CONF for the real module, where it is not that of the process
 * TROUBLED_CONTROL   path of a file that holds one line: CALL FAULT [NUMBER]
 *   crash       a segmentation fault
 *   hang        never returns
 *   slow N      N milliseconds late
 *   error N     returns the value N (hexadecimal) and does nothing
 *   garbage     answers CKR_OK with absurd lengths, counts, handles and bytes
 *   many        C_GetSlotList: a hundred thousand slots
 *   endless     C_FindObjects, C_WaitForSlotEvent: there is always one more
 *   flags N     C_GetTokenInfo: these flags (hexadecimal) instead
 *   absent      C_GetSlotList: no slot has a token
 *   der         C_Sign: ECDSA as DER instead of r and s side by side
 * On entering such a call TROUBLED_CONTROL.entered is written.
 * TROUBLED_KEYPAD    PIN PUK NEW: what somebody types on the keypad that every reader has then; a PIN that a call brings,
 *                    were it a pointer to nothing, is handed on as it is
 *
 * CK_FUNCTION_LIST (PKCS#11 2.40 section 5.4) is a version padded to a pointer, then 68 functions in the order of the
 * standard. No call used here has more than six arguments, all of them a machine word wide. */
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FUNCTIONS = 68, CKR_GENERAL_ERROR = 0x5 };
typedef unsigned long ulong;
#define ABSURD (1UL << 60)

struct list { void *version; void *functions[FUNCTIONS]; };
struct attribute { ulong type; void *value; ulong length; };
typedef ulong (*get_list)(struct list **);
typedef ulong (*call)(ulong, ulong, ulong, ulong, ulong, ulong);

static struct list *real;
static struct list ours;
static char fault[32];
static ulong number;

/* Whether this call is to misbehave; fault and number then say how. */
static int is_troubled(const char *name) {
  char path[1024], asked[64] = "", digits[32] = "0";
  snprintf(path, sizeof path, "%s", getenv("TROUBLED_CONTROL"));
  FILE *file = fopen(path, "r");
  if (!file) return 0;
  int words = fscanf(file, "%63s %31s %31s", asked, fault, digits);
  fclose(file);
  if (words < 2 || strcmp(asked, name)) return 0;
  number = strtoul(digits, NULL, strcmp(fault, "slow") ? 16 : 10);
  strncat(path, ".entered", sizeof path - strlen(path) - 1);
  if ((file = fopen(path, "w"))) fclose(file);
  return 1;
}

static int is(const char *name) { return !strcmp(fault, name); }

static size_t put_integer(unsigned char *out, const unsigned char *digits, size_t width) {
  while (width > 1 && !*digits) digits++, width--;
  size_t pad = *digits >> 7;
  out[0] = 2;
  out[1] = (unsigned char)(width + pad);
  out[2] = 0;
  memcpy(out + 2 + pad, digits, width);
  return 2 + pad + width;
}

/* What somebody types on the keypad: 0 the PIN, 1 the PUK, 2 a new PIN. */
static char *type(int which) {
  static char words[3][64];
  const char *keypad = getenv("TROUBLED_KEYPAD");
  if (!keypad || sscanf(keypad, "%63s %63s %63s", words[0], words[1], words[2]) != 3) return NULL;
  return words[which];
}

static void use_keypad(ulong *pin, ulong *length, int which) {
  char *typed = *pin ? NULL : type(which);
  if (!typed) return;
  *pin = (ulong)typed;
  *length = strlen(typed);
}

/* For curves up to P-384, whose values need no long form of a length. */
static void to_der(unsigned char *value, ulong *length) {
  unsigned char der[160];
  size_t width = *length / 2, size = 2;
  size += put_integer(der + size, value, width);
  size += put_integer(der + size, value + width, width);
  der[0] = 0x30;
  der[1] = (unsigned char)(size - 2);
  memcpy(value, der, size);
  *length = size;
}

/* What the real module has answered, spoiled. */
static void spoil(const char *name, ulong a, ulong b, ulong c, ulong d, ulong e) {
  if (!strcmp(name, "C_GetSlotList")) {
    ulong *slots = (ulong *)b, *count = (ulong *)c;
    if (is("absent")) *count = 0;
    if (is("many")) {
      *count = 100000;
      for (ulong i = 0; slots && i < *count; i++) slots[i] = 0x41410000 + i;
    }
    if (is("garbage")) *count = ABSURD;
  } else if (!strcmp(name, "C_GetTokenInfo")) {
    if (is("garbage")) memset((void *)b, 0xff, 96);
    if (is("flags")) *(ulong *)(b + 96) = number;
  } else if (is("garbage") && !strcmp(name, "C_GetMechanismList")) {
    *(ulong *)c = ABSURD;
  } else if (is("garbage") && !strcmp(name, "C_GetMechanismInfo")) {
    memset((void *)c, 0xff, 24);
  } else if (is("garbage") && !strcmp(name, "C_OpenSession")) {
    *(ulong *)e = 0x4141414141414141;
  } else if (!strcmp(name, "C_FindObjects")) {
    if (is("garbage")) *(ulong *)d = ABSURD;
    if (is("endless")) *(ulong *)d = 1, *(ulong *)b = 0x41414141;
  } else if (is("garbage") && !strcmp(name, "C_GetAttributeValue")) {
    struct attribute *attributes = (struct attribute *)c;
    for (ulong i = 0; i < d; i++) attributes[i].length = ABSURD;
  } else if (!strcmp(name, "C_Sign")) {
    if (is("garbage")) *(ulong *)e = ABSURD;
    if (is("der") && d) to_der((unsigned char *)d, (ulong *)e);
  }
}

static ulong meddle(const char *name, int index, ulong a, ulong b, ulong c, ulong d, ulong e, ulong f) {
  call function = (call)real->functions[index];
  if (!strcmp(name, "C_Login")) use_keypad(&c, &d, b == 0 ? 1 : 0);
  if (!strcmp(name, "C_InitPIN")) use_keypad(&b, &c, 2);
  if (!strcmp(name, "C_SetPIN")) use_keypad(&b, &c, 0), use_keypad(&d, &e, 2);
  if (!is_troubled(name)) {
    ulong result = function(a, b, c, d, e, f);
    if (!result && !strcmp(name, "C_GetTokenInfo") && type(0)) *(ulong *)(b + 96) |= 0x100;
    return result;
  }
  if (is("hang")) for (;;) pause();
  if (is("crash")) raise(SIGSEGV);
  if (is("error")) return number;
  if (is("slow")) usleep((useconds_t)number * 1000);
  if (is("endless") && !strcmp(name, "C_WaitForSlotEvent")) return 0;
  ulong result = function(a, b, c, d, e, f);
  if (!result) spoil(name, a, b, c, d, e);
  return result;
}

#define CALLS(X) \
  X(0, C_Initialize) X(1, C_Finalize) X(4, C_GetSlotList) X(6, C_GetTokenInfo) X(7, C_GetMechanismList) \
  X(8, C_GetMechanismInfo) X(10, C_InitPIN) X(11, C_SetPIN) X(12, C_OpenSession) X(13, C_CloseSession) \
  X(18, C_Login) X(19, C_Logout) X(24, C_GetAttributeValue) X(26, C_FindObjectsInit) X(27, C_FindObjects) \
  X(28, C_FindObjectsFinal) X(42, C_SignInit) X(43, C_Sign) X(67, C_WaitForSlotEvent)
#define DEFINE(index, name) \
  static ulong our_##name(ulong a, ulong b, ulong c, ulong d, ulong e, ulong f) { \
    return meddle(#name, index, a, b, c, d, e, f); \
  }
#define USE(index, name) ours.functions[index] = (void *)our_##name;
CALLS(DEFINE)

ulong C_GetFunctionList(struct list **out) {
  if (is_troubled("C_GetFunctionList")) {
    if (is("hang")) for (;;) pause();
    if (is("crash")) raise(SIGSEGV);
    if (is("error")) return number;
  }
  if (getenv("TROUBLED_CONF")) setenv("SOFTHSM2_CONF", getenv("TROUBLED_CONF"), 1);
  void *library = dlopen(getenv("TROUBLED_REAL"), RTLD_NOW | RTLD_LOCAL);
  get_list get = library ? (get_list)dlsym(library, "C_GetFunctionList") : NULL;
  if (!get || get(&real)) return CKR_GENERAL_ERROR;
  ours = *real;
  CALLS(USE)
  *out = &ours;
  return 0;
}
