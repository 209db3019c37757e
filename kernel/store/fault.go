package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"

	"gongkai/kernel/fault"
)

// SQLite's numbers, with and without their extension.
const (
	sqliteBusy, sqliteLocked, sqliteReadonly, sqliteIO, sqliteCorrupt = 5, 6, 8, 10, 11
	sqliteFull, sqliteCantOpen, sqliteNotADB                          = 13, 14, 26
	sqliteForeignKey, sqlitePrimaryKey, sqliteUnique, sqliteRowid     = 787, 1555, 2067, 2579
	sqliteIOWrite                                                     = 778
)

// What a person reads when the database or the disk fails.
const (
	textFull    = "服务器磁盘已满，暂时不能保存。已保存的内容不受影响，请联系系统管理员清理磁盘后重试"
	textNoWrite = "服务器磁盘不能写入（可能已满或超出配额），暂时不能保存。已保存的内容不受影响，请联系系统管理员检查磁盘后重试"
	textBusy    = "系统正忙，这次没有保存成功，请稍后重试"
	textGone    = "数据库暂时无法连接，这次没有保存成功，请稍后重试；如持续出现请联系系统管理员"
	textDisk    = "服务器磁盘读写出错，这次没有保存成功，请联系系统管理员检查磁盘"
	textUnknown = "与数据库的连接中断，不能确定是否已保存，请刷新页面查看后再操作"
)

func sqliteCode(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code()
	}
	return 0
}

func postgresCode(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// Unique reports whether err is a second row with the same key.
func Unique(err error) bool {
	switch sqliteCode(err) {
	case sqliteUnique, sqlitePrimaryKey, sqliteRowid:
		return true
	}
	return postgresCode(err) == "23505"
}

// ForeignKey reports whether err is a row that names another which is not
// there, or the removal of a row that others name.
func ForeignKey(err error) bool {
	return sqliteCode(err) == sqliteForeignKey || postgresCode(err) == "23503"
}

// Found turns "no rows" into fault.NotFound with text, and other errors as
// Fault does. It returns nil for nil.
func Found(err error, text string) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fault.Wrap(err, fault.NotFound, text)
	}
	return Fault(err)
}

// Fresh checks an update that named its row by id and version: when it changed
// no row, somebody else saved first and the error is a fault.Conflict that
// names what ("这条举措"). The caller shows both texts.
func Fresh(res sql.Result, err error, what string) error {
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.New(fault.Conflict, what+"刚刚被别人修改过，请对照最新内容后再保存")
	}
	return nil
}

// repeatable reports whether the same unit of work may succeed when run again.
func repeatable(err error) bool {
	switch postgresCode(err) {
	case "40001", "40P01": // serialization failure, deadlock
		return true
	}
	return false
}

// Fault turns a failure of the database itself (full disk, gone, too slow)
// into a fault.Unavailable that tells the person what to do. All other errors,
// also a fault inside, come back unchanged.
func Fault(err error) error {
	if err == nil || fault.KindOf(err) != fault.Internal {
		return err
	}
	if text := unavailable(err); text != "" {
		return fault.Wrap(err, fault.Unavailable, text)
	}
	return err
}

// unavailable returns the Chinese text for a failure of the database itself, or "".
func unavailable(err error) string {
	if sqliteCode(err) == sqliteIOWrite { // over a quota, or what ENOSPC is called there
		return textNoWrite
	}
	switch code := sqliteCode(err); code & 0xff {
	case sqliteBusy, sqliteLocked:
		return textBusy
	case sqliteFull:
		return textFull
	case sqliteIO, sqliteCorrupt, sqliteNotADB:
		return textDisk
	case sqliteReadonly, sqliteCantOpen:
		return textGone
	}
	switch code := postgresCode(err); {
	case code == "53100":
		return textFull
	case code == "40001", code == "40P01", code == "55P03", code == "57014", strings.HasPrefix(code, "53"):
		return textBusy
	case code == "58030":
		return textDisk
	case strings.HasPrefix(code, "57P"), strings.HasPrefix(code, "08"), code == "25006":
		return textGone
	case code != "":
		return ""
	}
	var (
		connect *pgconn.ConnectError
		network net.Error
	)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return textBusy
	case errors.As(err, &connect):
		return textGone
	case errors.Is(err, driver.ErrBadConn), errors.Is(err, io.ErrUnexpectedEOF), errors.As(err, &network):
		return textUnknown
	}
	return ""
}

// DiskFault turns a failure to write a file into a fault.Unavailable that says
// what is wrong with the disk. All other errors come back unchanged.
func DiskFault(err error) error {
	switch {
	case err == nil || fault.KindOf(err) != fault.Internal:
		return err
	case errors.Is(err, syscall.ENOSPC):
		return fault.Wrap(err, fault.Unavailable, textFull)
	case errors.Is(err, syscall.EDQUOT), errors.Is(err, syscall.EFBIG):
		return fault.Wrap(err, fault.Unavailable, textNoWrite)
	case errors.Is(err, syscall.EIO), errors.Is(err, syscall.EROFS):
		return fault.Wrap(err, fault.Unavailable, textDisk)
	}
	return err
}

// s3Fault turns a failure of the store's server into words; refusals of ours
// (wrong key, no bucket) stay internal.
func s3Fault(err error) error {
	if code := s3Status(err); code >= 500 || code == 0 && !errors.Is(err, context.Canceled) {
		return fault.Wrap(err, fault.Unavailable, "文件存储暂时无法连接，请稍后重试；如持续出现请联系系统管理员")
	}
	return err
}
